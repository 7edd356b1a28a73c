import type { PreparedSuite, Readings, Suite } from '../suite.ts';
import { atRest } from '../support/at-rest.ts';
import { cpuFromNow } from '../support/cpu.ts';
import type { Installation } from '../support/installation.ts';
import { spreadOf } from '../support/statistics.ts';
import { BareConsume, type Offsets } from './consumer/bare-consume.ts';
import { BareRecord } from './consumer/bare-record.ts';
import { CONSUMER_FIGURES } from './consumer/figures.ts';
import { HeldBackEvents } from './consumer/held-back-events.ts';
import { heldBackGrants } from './consumer/held-back-grants.ts';
import { BenchCounter } from './counter/bench-counter.ts';
import { leadElsewhere } from './lead-elsewhere.ts';
import { retireCampaigns } from './retire-campaigns.ts';
import { allStored, batchesOf, checkStored, type StoredCoupon, storedCoupons } from './stored-coupons.ts';
import { inTurn } from './turns.ts';

/** More than kafkajs fetches at a time, so that the first fetch is not all there is. */
const FULL = { coupons: 100_000, savedEach: 1_000 } as const;
const QUICK = { coupons: 5_000, savedEach: 100 } as const;

export const consumer: Suite = {
  name: 'consumer',
  figures: CONSUMER_FIGURES,
  notes: [
    'The consumer is warm and a member of its group, and another process leads. All events become visible at one moment, the commit of a transaction: measured from there to the last row.',
    'Bare consume: kafkajs with the same settings reads the same events, measured from its first fetch to its last commit.',
    'Bare insert: mysql2 inserts the same rows in the same batches into an equal table, each batch one statement that commits itself.',
    'Row by row: MikroORM persists and flushes one entity at a time; of fewer rows.',
  ],
  async prepare(installation, { quick }) {
    await using parts = new AsyncDisposableStack();
    parts.use(await leadElsewhere(installation));
    const counter = parts.use(await BenchCounter.connect(installation));
    const events = parts.adopt(await HeldBackEvents.connect(installation), (each) => each.disconnect());
    const consume = parts.adopt(await BareConsume.join(installation), (each) => each.disconnect());
    const record = parts.adopt(await BareRecord.create(installation), (each) => each.close());
    const sizes = quick ? QUICK : FULL;
    return new ConsumerSuite(installation, { counter, events, consume, record, ...sizes }, parts.move());
  },
};

interface Parts {
  readonly counter: BenchCounter;
  readonly events: HeldBackEvents;
  readonly consume: BareConsume;
  readonly record: BareRecord;
  readonly coupons: number;
  readonly savedEach: number;
}

/** What the consumer was given and what it made of it, when it last had its turn. */
interface Handled {
  readonly from: Offsets;
  readonly batches: readonly (readonly StoredCoupon[])[];
}

class ConsumerSuite implements PreparedSuite {
  readonly #installation: Installation;
  readonly #parts: Parts;
  readonly #owned: AsyncDisposableStack;
  #last: Handled = { from: [], batches: [] };

  constructor(installation: Installation, parts: Parts, owned: AsyncDisposableStack) {
    this.#installation = installation;
    this.#parts = parts;
    this.#owned = owned;
  }

  round(number: number): Promise<Readings> {
    return inTurn(number, [
      () => this.#store(),
      () => this.#consumeOnly(),
      () => this.#insertInBulk(),
      () => this.#saveEach(),
    ]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }

  async #store(): Promise<Readings> {
    const { counter, events, consume, coupons } = this.#parts;
    const installation = this.#installation;
    const from = await consume.offsets();
    const { campaignId, grants, release } = await heldBackGrants(installation, counter, events, coupons);
    await atRest(installation);
    const used = await cpuFromNow(await installation.pids());
    const startedAt = performance.timeOrigin + performance.now();
    await release();
    const seconds = ((await allStored(installation, campaignId, coupons)) - startedAt) / 1_000;
    const cpu = await used();
    const rows = await storedCoupons(installation, campaignId);
    checkStored(rows, grants);
    await retireCampaigns(installation, [campaignId]);
    const batches = batchesOf(rows);
    const firstAt = Date.parse(`${rows[0]?.issuedAt.replace(' ', 'T')}Z`);
    this.#last = { from, batches };
    const { median, lowest, highest } = spreadOf(batches.map(({ length }) => length));
    return {
      'consumer-rate': coupons / seconds,
      'consumer-first-batch': firstAt - startedAt,
      'consumer-cpu': (cpu.consumer * 1e6) / coupons,
      'consumer-mysql-cpu': (cpu.mysql * 1e6) / coupons,
      'consumer-kafka-cpu': (cpu.kafka * 1e6) / coupons,
      'consumer-batch-median': median,
      'consumer-batch-least': lowest,
      'consumer-batch-most': highest,
    };
  }

  async #consumeOnly(): Promise<Readings> {
    const { consume, coupons } = this.#parts;
    await atRest(this.#installation);
    return { 'consume-only-rate': coupons / (await consume.consume(this.#last.from, coupons)) };
  }

  async #insertInBulk(): Promise<Readings> {
    const { record, coupons } = this.#parts;
    await atRest(this.#installation);
    const { mysql } = await this.#installation.pids();
    const used = await cpuFromNow({ mysql });
    const seconds = await record.insertInBulk(this.#last.batches);
    const cpu = await used();
    return { 'bulk-insert-rate': coupons / seconds, 'bulk-insert-mysql-cpu': (cpu.mysql * 1e6) / coupons };
  }

  async #saveEach(): Promise<Readings> {
    const { record, savedEach } = this.#parts;
    await atRest(this.#installation);
    const rows = this.#last.batches.flat().slice(0, savedEach);
    return { 'row-by-row-rate': rows.length / (await record.saveEach(rows)) };
  }
}
