import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { CounterOpening, OpeningSession } from '../domain/ports/counter-opening.ts';
import type { Incarnation, Incarnations } from '../domain/ports/incarnations.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { CampaignLaunch } from './campaign-launch.ts';
import type { CounterRebuild } from './counter-rebuild.ts';
import type { KnownIncarnation } from './known-incarnation.ts';

/** The incarnation of an installation whose counter was never opened. */
const FIRST = 1;

/**
 * Sees to it that every opened campaign can be applied for.
 *
 * A counter that has lost its scripts may have lost grants with them: it is opened under a new incarnation, with every
 * campaign rebuilt. It never reopens a campaign because it looks right. A single campaign that is incomplete, or was
 * left closed by a leader that died, is rebuilt by itself.
 */
export class KeepCountersOpen {
  readonly #campaigns: CampaignRepository;
  readonly #incarnations: Incarnations;
  readonly #known: KnownIncarnation;
  readonly #opening: CounterOpening;
  readonly #counter: IssuanceCounter;
  readonly #launch: CampaignLaunch;
  readonly #rebuild: CounterRebuild;
  readonly #journal: Journal;

  constructor(
    campaigns: CampaignRepository,
    incarnations: Incarnations,
    known: KnownIncarnation,
    opening: CounterOpening,
    counter: IssuanceCounter,
    launch: CampaignLaunch,
    rebuild: CounterRebuild,
    journal: Journal,
  ) {
    this.#campaigns = campaigns;
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
    const opened = (await this.#campaigns.all()).filter((record) => record.openedAt !== null);
    const closed = await this.#rebuild.close(session, opened);
    const others = await session.closeOthers(new Set(opened.map(({ id }) => id)));
    if (others.length > 0) this.#journal.warn('campaigns that are not recorded were closed', { campaigns: others });
    await session.serve(incarnation);
    await this.#known.refresh();
    for (const { record } of closed) this.#journal.warn('campaign closed', { campaign: record.id, reason: 'fenced' });
    if (closed.length > 0) await this.#rebuild.reopen(session, closed, signal);
    this.#journal.info('the counter is open', { ...incarnation, campaigns: closed.length });
  }

  async #reopenSome(session: OpeningSession, signal: AbortSignal): Promise<void> {
    const broken: CampaignRecord[] = [];
    for (const record of await this.#campaigns.all()) {
      const standing = await this.#counter.standing(record.id);
      if (standing.kind === 'open' && record.openedAt !== null) continue;
      if (standing.kind === 'unknown' && standing.reason === 'fenced') return;
      const mayLaunch = record.openedAt === null || (standing.kind === 'unknown' && standing.reason === 'prepared');
      if (mayLaunch && (await this.#launch.launch(record))) continue;
      const reason = standing.kind === 'unknown' ? standing.reason : 'not recorded as open';
      this.#journal.warn('campaign closed', { campaign: record.id, reason });
      broken.push(record);
    }
    if (broken.length > 0) await this.#rebuild.reopen(session, await this.#rebuild.close(session, broken), signal);
  }
}
