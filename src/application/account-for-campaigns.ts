import { type CampaignRecord, type CampaignState, type CampaignTerms, campaignState } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import { type CounterSample, grantedOf, type OpenStanding, remainingOf } from '../domain/counter-standing.ts';
import { isOutage } from '../domain/outage.ts';
import type { Page, PageRequest } from '../domain/page.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import { type EventLogProgress, hasPassed, type LogPosition, lagOf } from '../domain/ports/event-log-progress.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { Account, IssuanceRecords } from '../domain/ports/issuance-records.ts';

/** Where every slot of a campaign is. `null`: the part that knows cannot be asked now. */
export interface CampaignAccount extends CampaignTerms {
  readonly id: CampaignId;
  readonly state: CampaignState;
  readonly granted: number | null;
  readonly pending: number | null;
  /** Durable in the event log, and not recorded yet. */
  readonly inFlight: number | null;
  readonly issued: number;
  /** Open failed events. */
  readonly failed: number;
  readonly burnt: number;
  /** Granted, durable, passed by the consumer, and recorded nowhere: anything but 0 is a bug or a loss. */
  readonly unaccounted: number | null;
  /** Events that the consumers have not passed yet, of all campaigns. */
  readonly lag: number | null;
}

interface Sampled {
  readonly sample: CounterSample;
  readonly end: LogPosition;
}

interface Progress {
  readonly end: LogPosition;
  readonly committed: LogPosition;
}

/**
 * Accounts for campaigns while traffic runs, without false alarms: a sequence is unaccounted only if it was not pending
 * in a sample of the counter, the consumers have passed the end of the log of a moment after that sample, and the
 * counter was not rebuilt meanwhile.
 */
export class AccountForCampaigns {
  readonly #campaigns: CampaignRepository;
  readonly #records: IssuanceRecords;
  readonly #counter: IssuanceCounter;
  readonly #counters: CounterKeeper;
  readonly #progress: EventLogProgress;
  readonly #clock: Clock;
  /** Samples that the consumers had not passed when they were taken. */
  readonly #waiting = new Map<CampaignId, Sampled>();
  readonly #verified = new Map<CampaignId, number>();

  constructor(
    campaigns: CampaignRepository,
    records: IssuanceRecords,
    counter: IssuanceCounter,
    counters: CounterKeeper,
    progress: EventLogProgress,
    clock: Clock,
  ) {
    this.#campaigns = campaigns;
    this.#records = records;
    this.#counter = counter;
    this.#counters = counters;
    this.#progress = progress;
    this.#clock = clock;
  }

  /** Null: no such campaign. */
  async one(id: CampaignId): Promise<CampaignAccount | null> {
    const record = await this.#campaigns.find(id);
    if (record === null) return null;
    const [account] = await this.#accounts([record]);
    return account ?? null;
  }

  async page(request: PageRequest): Promise<Page<CampaignAccount>> {
    const { items, nextCursor } = await this.#campaigns.page(request);
    return { items: await this.#accounts(items), nextCursor };
  }

  async #accounts(records: readonly CampaignRecord[]): Promise<readonly CampaignAccount[]> {
    const samples = await Promise.all(records.map((record) => orNull(this.#sample(record.id))));
    const progress = await orNull(this.#askProgress());
    return Promise.all(records.map((record, index) => this.#account(record, samples[index] ?? null, progress)));
  }

  async #account(
    record: CampaignRecord,
    sample: CounterSample | null,
    progress: Progress | null,
  ): Promise<CampaignAccount> {
    const { id } = record;
    const account = await this.#records.account(id, sample ?? NOTHING_SAMPLED);
    if (record.archivedAt !== null) return archivedAccount(record, account, progress);
    const missing = sample === null ? null : missingOf(sample, account);
    const unaccounted = sample && progress ? await this.#verify(id, sample, progress, account) : null;
    const standing = await orNull(this.#standing(id));
    const now = standing?.now ?? this.#clock.now();
    const remaining = standing ? remainingOf(standing) : record.limit - account.issued;
    const { name, limit, startsAt, endsAt } = record;
    return {
      id,
      name,
      limit,
      startsAt,
      endsAt,
      state: campaignState(record, remaining, now),
      granted: standing ? grantedOf(standing) : null,
      pending: sample ? sample.pending.length : null,
      inFlight: missing === null || unaccounted === null ? null : Math.max(0, missing - unaccounted),
      issued: account.issued,
      failed: account.failed,
      burnt: account.burnt,
      unaccounted,
      lag: progress && lagOf(progress.committed, progress.end),
    };
  }

  /** The last verified figure, after verifying the newest sample that the consumers have passed. */
  async #verify(id: CampaignId, sample: CounterSample, progress: Progress, account: Account): Promise<number> {
    const waiting = this.#waiting.get(id);
    if (hasPassed(progress.committed, progress.end)) {
      await this.#conclude(id, sample, account);
    } else if (waiting?.sample.epoch === sample.epoch) {
      if (hasPassed(progress.committed, waiting.end)) {
        await this.#conclude(id, waiting.sample, await this.#records.account(id, waiting.sample));
        this.#waiting.set(id, { sample, end: progress.end });
      }
    } else {
      this.#waiting.set(id, { sample, end: progress.end });
    }
    return this.#verified.get(id) ?? 0;
  }

  async #conclude(id: CampaignId, sample: CounterSample, account: Account): Promise<void> {
    this.#waiting.delete(id);
    const standing = await orNull(this.#standing(id));
    if (standing?.epoch === sample.epoch) this.#verified.set(id, missingOf(sample, account));
  }

  async #sample(id: CampaignId): Promise<CounterSample | null> {
    const sample = await this.#counters.sample(id);
    return 'kind' in sample ? null : sample;
  }

  async #standing(id: CampaignId): Promise<OpenStanding | null> {
    const standing = await this.#counter.standing(id);
    return standing.kind === 'open' ? standing : null;
  }

  /** The end first: what is committed afterwards and reaches it has passed it. */
  async #askProgress(): Promise<Progress> {
    const end = await this.#progress.end();
    return { end, committed: await this.#progress.committed() };
  }
}

/** It was archived because everything was accounted for, and nobody can be granted anything any more. */
const archivedAccount = (
  { id, name, limit, startsAt, endsAt, archivedGranted }: CampaignRecord,
  { issued, failed, burnt }: Account,
  progress: Progress | null,
): CampaignAccount => ({
  id,
  name,
  limit,
  startsAt,
  endsAt,
  state: 'ended',
  granted: archivedGranted,
  pending: 0,
  inFlight: 0,
  issued,
  failed,
  burnt,
  unaccounted: 0,
  lag: progress && lagOf(progress.committed, progress.end),
});

const NOTHING_SAMPLED: CounterSample = { epoch: 0, counter: 0, pending: [] };

const missingOf = (sample: CounterSample, account: Account): number =>
  Math.max(0, sample.counter - sample.pending.length - account.recorded);

/** A part that is away leaves its figures out; it does not take the others with it. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isOutage(error)) return null;
    throw error;
  }
}
