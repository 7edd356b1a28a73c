import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { EventLogReader } from '../domain/ports/event-log-reader.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { ReconciliationReports } from '../domain/ports/reconciliation-reports.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';
import { MOST_NAMED, type ReconciliationReport, type Verification } from '../domain/reconciliation.ts';
import { type CampaignComparison, changeOf, type Look } from './campaign-comparison.ts';
import { EventLogIndex } from './event-log-index.ts';

type Compared = Extract<Look, { readonly kind: 'compared' }>;

/** What the leader remembers of a campaign between two rounds. */
interface Standing {
  report: ReconciliationReport | null;
  /** On the monotonic clock. */
  nextAt: number;
  /** Not before, even if something changes. */
  earliest: number;
  pause: number;
  /** What was verified last and found clean. */
  clean: string | null;
  /** In which log, and the first sequence that this log must have. */
  log: number;
  from: number;
}

export interface Pace {
  /** The leader has healed what was half-way by then: it compares terms every five seconds. */
  readonly confirmAfter: number;
  readonly shortest: number;
  readonly longest: number;
  /** How many times as long as a round took it rests. */
  readonly rest: number;
}

const PACE: Pace = { confirmAfter: 7_000, shortest: 5_000, longest: 600_000, rest: 20 };
/** A clock of the log and one of the record differ by less. */
const CLOCK_MARGIN = 60_000;

/**
 * Says of every campaign whether counter, event log and record agree, user by user, up to a watermark.
 *
 * It repairs nothing. A disagreement counts only if a second comparison, made afresh after a while, finds the very same:
 * what is in progress is over by then. A comparison during which the counter was rebuilt is thrown away.
 */
export class ReconcileCampaigns {
  readonly #campaigns: CampaignRepository;
  readonly #comparison: CampaignComparison;
  readonly #counter: IssuanceCounter;
  readonly #reports: ReconciliationReports;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #pace: Pace;
  readonly #log: EventLogIndex;
  readonly #standings = new Map<CampaignId, Standing>();

  constructor(
    campaigns: CampaignRepository,
    comparison: CampaignComparison,
    counter: IssuanceCounter,
    reader: EventLogReader,
    reports: ReconciliationReports,
    clock: Clock,
    scheduler: Scheduler,
    journal: Journal,
    pace: Pace = PACE,
  ) {
    this.#campaigns = campaigns;
    this.#comparison = comparison;
    this.#counter = counter;
    this.#reports = reports;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#journal = journal;
    this.#pace = pace;
    this.#log = new EventLogIndex(reader);
  }

  /** The last report of every campaign that this process has reconciled. */
  get reports(): readonly ReconciliationReport[] {
    return [...this.#standings.values()].flatMap(({ report }) => (report === null ? [] : [report]));
  }

  /** One round over the campaigns that are due. Rejects where a store is away, or the consumers are far behind. */
  async execute(signal: AbortSignal): Promise<void> {
    const due = await this.#due();
    if (due.length === 0) return;
    let took = 0;
    const look = (ids: readonly CampaignId[]) => {
      const spend = (milliseconds: number) => {
        took += milliseconds;
      };
      return this.#comparison.look(ids, this.#log, (record, counter) => this.#from(record, counter), spend, signal);
    };
    const first = await look(due);
    const doubtful = due.filter((id) => findsSomething(first.get(id)));
    if (doubtful.length > 0) await this.#scheduler.sleep(this.#pace.confirmAfter, signal);
    const second = doubtful.length > 0 && !signal.aborted ? await look(doubtful) : new Map<CampaignId, Look>();
    for (const id of due) await this.#conclude(id, first.get(id), second.get(id), took);
  }

  async #due(): Promise<readonly CampaignId[]> {
    const active = (await this.#campaigns.active()).filter(({ openedAt }) => openedAt !== null);
    const ids = new Set(active.map(({ id }) => id));
    for (const id of this.#standings.keys()) if (!ids.has(id)) this.#standings.delete(id);
    const due: CampaignId[] = [];
    for (const { id } of active) if (await this.#isDue(id)) due.push(id);
    return due;
  }

  async #isDue(id: CampaignId): Promise<boolean> {
    const standing = this.#standings.get(id) ?? (await this.#remember(id));
    const now = this.#clock.monotonic();
    if (now >= standing.nextAt) return true;
    // Nothing had changed, so that it rests for longer and longer; something has, so that it does not.
    const mayLook = standing.clean !== null && now >= standing.earliest;
    return mayLook && changeOf(await this.#counter.standing(id)) !== standing.clean;
  }

  /** What an earlier leader reported tells whether the log is still the one that he compared with. */
  async #remember(id: CampaignId): Promise<Standing> {
    const report = await this.#reports.find(id);
    const standing = { report, nextAt: 0, earliest: 0, pause: 0, clean: null, log: 0, from: 1 };
    this.#standings.set(id, standing);
    return standing;
  }

  /** From which sequence on the log as it is now must have everything of this campaign. */
  #from({ id, createdAt }: CampaignRecord, counter: number): number {
    const standing = this.#standings.get(id);
    if (standing === undefined || standing.log === this.#log.log) return standing?.from ?? 1;
    const evidence = standing.report?.verification?.evidence;
    const lostUntil = this.#log.lostUntil;
    const hasLost = lostUntil !== null && createdAt <= lostUntil + CLOCK_MARGIN;
    if (standing.log !== 0 || (evidence ? !isSameLog(evidence.firsts, this.#log.firsts) : hasLost)) {
      standing.from = counter + 1;
    } else if (evidence) {
      standing.from = evidence.from;
    }
    standing.log = this.#log.log;
    return standing.from;
  }

  async #conclude(id: CampaignId, first: Look | undefined, second: Look | undefined, took: number): Promise<void> {
    const standing = this.#standings.get(id);
    const last = second ?? first;
    if (standing === undefined || first === undefined || last === undefined) return;
    if (last.kind === 'unverifiable') return this.#cannotVerify(id, standing, last.reason);
    if (last.kind === 'overtaken' || first.kind !== 'compared') return;
    if (second === undefined && findsSomething(first)) return; // stopped before the second look
    const same = [...last.disagreements].filter(([key]) => first.disagreements.has(key)).map(([, each]) => each);
    await this.#report(id, standing, {
      epoch: last.epoch,
      // Of the first look: what came later was looked at only once.
      watermark: Math.min(first.watermark, last.watermark),
      sampledAt: first.sampledAt,
      verifiedAt: this.#clock.now(),
      log: standing.from > 1 ? 'partial' : 'complete',
      evidence: { firsts: this.#log.firsts, from: standing.from },
      disagreements: { count: same.length, first: same.slice(0, MOST_NAMED) },
    });
    this.#rest(standing, last, took, same.length === 0);
  }

  async #report(id: CampaignId, standing: Standing, verification: Verification): Promise<void> {
    const before = standing.report?.verification?.disagreements.count ?? 0;
    const { count, first } = verification.disagreements;
    standing.report = { campaignId: id, verification, unverifiable: null };
    await this.#reports.keep(standing.report);
    if (count > 0 && before === 0) {
      const details = { campaign: id, disagreements: count, first: first.slice(0, 3) };
      this.#journal.warn('counter, event log and record disagree', details);
    }
    if (count === 0 && before > 0) {
      this.#journal.info('counter, event log and record agree again', { campaign: id });
    }
  }

  async #cannotVerify(
    id: CampaignId,
    standing: Standing,
    reason: NonNullable<ReconciliationReport['unverifiable']>,
  ): Promise<void> {
    standing.clean = null;
    // One that was archived meanwhile is gone from the counter by right.
    if (standing.report?.unverifiable === reason || (await this.#campaigns.find(id))?.archivedAt !== null) return;
    standing.report = { campaignId: id, verification: standing.report?.verification ?? null, unverifiable: reason };
    await this.#reports.keep(standing.report);
  }

  #rest(standing: Standing, look: Compared, took: number, isClean: boolean): void {
    const { shortest, longest, rest } = this.#pace;
    const least = Math.min(longest, Math.max(shortest, rest * took));
    const isUnchanged = isClean && standing.clean === look.standing;
    standing.pause = isUnchanged ? Math.min(longest, Math.max(least, 2 * standing.pause)) : least;
    standing.clean = isClean ? look.standing : null;
    standing.earliest = this.#clock.monotonic() + least;
    standing.nextAt = this.#clock.monotonic() + standing.pause;
  }
}

const findsSomething = (look: Look | undefined): boolean => look?.kind === 'compared' && look.disagreements.size > 0;

/** A partition that was empty may have its first record since; any other first record is another log's. */
const isSameLog = (then: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): boolean =>
  Object.entries(then).every(([partition, mark]) => now[partition] === mark);
