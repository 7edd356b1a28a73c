import { type CampaignRecord, isArchivable } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignChanges, CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { Incarnation } from '../domain/ports/incarnations.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { CampaignSettlement } from './campaign-settlement.ts';
import { eachInTurn } from './each-in-turn.ts';
import type { KnownIncarnation } from './known-incarnation.ts';
import type { StaleGrants } from './stale-grants.ts';

/**
 * Takes campaigns out of the counter that ended long ago and are settled. The record is marked first, under the
 * version, epoch and closing time that were looked at; only then is the counter's part removed: a change that comes in
 * between finds the campaign as it was, or archived. What a crash leaves half-way, the next round finishes.
 */
export class ArchiveCampaigns {
  readonly #campaigns: CampaignRepository;
  readonly #changes: CampaignChanges;
  readonly #settlement: CampaignSettlement;
  readonly #counters: CounterKeeper;
  readonly #staleGrants: StaleGrants;
  readonly #known: KnownIncarnation;
  readonly #clock: Clock;
  readonly #journal: Journal;
  /** Archived campaigns of which the counter has nothing left, as long as it is this counter. */
  #removed = new Set<CampaignId>();
  #counterOf: Incarnation | null = null;

  constructor(
    campaigns: CampaignRepository,
    changes: CampaignChanges,
    settlement: CampaignSettlement,
    counters: CounterKeeper,
    staleGrants: StaleGrants,
    known: KnownIncarnation,
    clock: Clock,
    journal: Journal,
  ) {
    this.#campaigns = campaigns;
    this.#changes = changes;
    this.#settlement = settlement;
    this.#counters = counters;
    this.#staleGrants = staleGrants;
    this.#known = known;
    this.#clock = clock;
    this.#journal = journal;
  }

  async execute(signal: AbortSignal): Promise<void> {
    const records = await this.#campaigns.all();
    await eachInTurn(
      records.filter(({ archivedAt }) => archivedAt !== null),
      (record) => this.#remove(record),
    );
    const now = this.#clock.now();
    const ended = records.filter(
      (record) => record.archivedAt === null && record.openedAt !== null && isArchivable(record, now),
    );
    await this.#archive(ended, signal);
  }

  async #archive(ended: readonly CampaignRecord[], signal: AbortSignal): Promise<void> {
    const looks: NonNullable<Awaited<ReturnType<CampaignSettlement['look']>>>[] = [];
    for (const record of ended) {
      const look = await this.#settlement.look(record);
      if (look !== null) looks.push(look);
    }
    if (looks.length === 0 || !(await this.#settlement.passed(signal))) return;
    await eachInTurn(looks, async (look) => {
      if (signal.aborted || !(await this.#settlement.isRecorded(look))) return;
      const archived = await this.#changes.archive(look.record, look.granted, this.#clock.now());
      if (archived === null) return;
      this.#journal.info('campaign archived', { campaign: archived.id, granted: look.granted });
      await this.#remove(archived);
    });
  }

  async #remove({ id, version }: CampaignRecord): Promise<void> {
    const counter = this.#known.value;
    if (counter?.number !== this.#counterOf?.number) this.#removed = new Set();
    this.#counterOf = counter;
    if (this.#removed.has(id)) return;
    if ((await this.#counters.retire(id, version)) === 'retired') this.#removed.add(id);
    // A grant that was made at the last moment: once its event is durable, nothing holds the campaign back.
    else await this.#staleGrants.settleSome(id);
  }
}
