import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { CounterOpening, OpeningSession } from '../domain/ports/counter-opening.ts';
import type { Incarnation, Incarnations } from '../domain/ports/incarnations.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { IssuanceRecords } from '../domain/ports/issuance-records.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { CampaignLaunch } from './campaign-launch.ts';
import type { CounterRebuild } from './counter-rebuild.ts';
import type { KnownIncarnation } from './known-incarnation.ts';
import { severalAtOnce } from './several-at-once.ts';

/** The incarnation of an installation whose counter was never opened. */
const FIRST = 1;
const ASKED_AT_ONCE = 16;

/**
 * Sees to it that every opened campaign can be applied for.
 *
 * A counter that has lost its scripts may have lost grants with them: it is opened under a new incarnation, with every
 * campaign rebuilt. It never reopens a campaign because it looks right. A single campaign that is incomplete, or was
 * left closed by a leader that died, is rebuilt by itself.
 */
export class KeepCountersOpen {
  readonly #campaigns: CampaignRepository;
  readonly #records: IssuanceRecords;
  readonly #incarnations: Incarnations;
  readonly #known: KnownIncarnation;
  readonly #opening: CounterOpening;
  readonly #counter: IssuanceCounter;
  readonly #launch: CampaignLaunch;
  readonly #rebuild: CounterRebuild;
  readonly #journal: Journal;
  /** Recorded as open, and prepared in the counter, when they were looked at last. */
  #launched: ReadonlySet<CampaignId> = new Set();
  /** Said to be closed, and not reopened since: with the log away, each of hundreds would be said every few seconds. */
  #said: ReadonlySet<CampaignId> = new Set();

  constructor(
    campaigns: CampaignRepository,
    records: IssuanceRecords,
    incarnations: Incarnations,
    known: KnownIncarnation,
    opening: CounterOpening,
    counter: IssuanceCounter,
    launch: CampaignLaunch,
    rebuild: CounterRebuild,
    journal: Journal,
  ) {
    this.#campaigns = campaigns;
    this.#records = records;
    this.#incarnations = incarnations;
    this.#known = known;
    this.#opening = opening;
    this.#counter = counter;
    this.#launch = launch;
    this.#rebuild = rebuild;
    this.#journal = journal;
  }

  /** Rejects where a store is away; what was closed stays closed, and the next call starts over. */
  async execute(signal: AbortSignal): Promise<void> {
    const session = await this.#opening.begin();
    try {
      const incarnation = await this.#incarnations.current();
      if (await session.isServing(incarnation)) {
        await this.#known.refresh();
        await this.#reopenSome(session, signal);
      } else {
        this.#announce(incarnation);
        await this.#reopenAll(session, signal);
      }
    } finally {
      await session.end();
    }
  }

  #announce({ number }: Incarnation): void {
    if (number === FIRST) this.#journal.info('opening the counter for the first time');
    else this.#journal.warn('the counter has lost its scripts, and maybe grants: opening it anew', { after: number });
  }

  async #reopenAll(session: OpeningSession, signal: AbortSignal): Promise<void> {
    const incarnation = await this.#incarnations.raise();
    await session.fence();
    // Asked after the fence: what is recorded as open later was never granted from before it.
    const records = await this.#campaigns.all();
    const opened = records.filter(({ openedAt, archivedAt }) => openedAt !== null && archivedAt === null);
    const closed = await this.#rebuild.close(session, opened);
    const others = await session.closeOthers(new Set(opened.map(({ id }) => id)));
    // An archived campaign comes back with an older copy of the counter; it is removed again by and by.
    const archived = new Set(records.filter(({ archivedAt }) => archivedAt !== null).map(({ id }) => id));
    const foreign = others.filter((id) => !archived.has(id));
    if (foreign.length > 0) this.#journal.warn('campaigns that are not recorded were closed', { campaigns: foreign });
    await session.serve(incarnation);
    await this.#known.refresh();
    for (const { record } of closed) this.#journal.warn('campaign closed', { campaign: record.id, reason: 'fenced' });
    this.#said = new Set(closed.map(({ record }) => record.id));
    if (closed.length > 0) await this.#rebuild.reopen(session, closed, signal);
    this.#said = new Set();
    this.#journal.info('the counter is open', { ...incarnation, campaigns: closed.length });
  }

  async #reopenSome(session: OpeningSession, signal: AbortSignal): Promise<void> {
    const records = await this.#campaigns.active();
    // Asked before the counters: what is recorded was granted before, so that no counter that is well stands below it.
    const highest = await this.#records.highest();
    const launched = new Set<CampaignId>();
    const broken: CampaignRecord[] = [];
    const check = async (record: CampaignRecord): Promise<void> => {
      const reason = await this.#reasonToRebuild(record, highest.get(record.id) ?? 0);
      if (reason === null) return;
      // Whoever recorded it as open may be about to open it; in the next round he is not any more.
      if (reason === 'prepared' && !this.#launched.has(record.id)) {
        launched.add(record.id);
        return;
      }
      if (!this.#said.has(record.id)) this.#journal.warn('campaign closed', { campaign: record.id, reason });
      broken.push(record);
    };
    await severalAtOnce(ASKED_AT_ONCE, records, check);
    this.#launched = launched;
    this.#said = new Set(broken.map(({ id }) => id));
    if (broken.length === 0) return;
    await this.#rebuild.reopen(session, await this.#rebuild.close(session, broken), signal);
    this.#said = new Set();
  }

  async #reasonToRebuild(record: CampaignRecord, highest: number): Promise<string | null> {
    if (record.openedAt === null) {
      return (await this.#launch.launch(record)) === 'refused' ? 'not recorded as open' : null;
    }
    const standing = await this.#counter.standing(record.id);
    // What is fenced is opened as a whole, in the next round.
    if (standing.kind === 'unknown') return standing.reason === 'fenced' ? null : standing.reason;
    if (standing.epoch < record.epoch) return 'rebuild ordered';
    return standing.counter < highest ? 'an older copy' : null;
  }
}
