import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { CounterSample, Holder } from '../../domain/counter-standing.ts';
import type { Account, IssuanceRecords, Snapshot } from '../../domain/ports/issuance-records.ts';
import { refuseTooManyGaps } from '../../domain/snapshot-gaps.ts';
import { CampaignRow } from './campaign-row.ts';
import type { Database } from './database.ts';
import { lockCampaign } from './mikro-orm-campaign-repository.ts';
import { holdersOf } from './recorded-holders.ts';
import { unrecordedAmong } from './unrecorded-holders.ts';
import { burnGaps, highestSequences, usedSequences } from './used-sequences.ts';

/** A million coupons are read or counted in seconds. */
const LONG_DEADLINE_MS = 60_000;

export class MikroOrmIssuanceRecords implements IssuanceRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async raiseEpoch(id: CampaignId): Promise<number | null> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record === null) throw new Error(`campaign ${id} is not recorded`);
      if (record.archivedAt !== null) return null;
      const epoch = record.epoch + 1;
      await em.nativeUpdate(CampaignRow, { id }, { epoch });
      return epoch;
    });
  }

  async snapshot(id: CampaignId, epoch: number, now: Instant): Promise<Snapshot | null> {
    return this.#database.transaction(async (em) => {
      const before = await lockCampaign(em, id);
      if (before === null || before.epoch !== epoch) return null;
      const { used, highest } = await usedSequences(em, id);
      refuseTooManyGaps(id, highest - used);
      const reason = `unused before epoch ${epoch}`;
      const burnt = used === highest ? 0 : await burnGaps(em, id, highest, { reason, now });
      const record = {
        ...before,
        ceiling: before.ceiling + burnt,
        minimumEpoch: Math.max(before.minimumEpoch, epoch),
        version: before.version + 1,
      };
      const { ceiling, minimumEpoch, version } = record;
      await em.nativeUpdate(CampaignRow, { id }, { ceiling, minimumEpoch, version });
      return { record, highest, holders: holdersOf(this.#database, id, highest) };
    }, LONG_DEADLINE_MS);
  }

  async highest(): Promise<ReadonlyMap<CampaignId, number>> {
    return this.#database.read(highestSequences);
  }

  /**
   * One statement, so that it has one view: what is a failed event now and a coupon a moment later is never missed
   * in between. 0 is no sequence, and keeps the list from being empty.
   */
  async account(id: CampaignId, { counter, pending }: CounterSample): Promise<Account> {
    const inSample = [id, counter, [0, ...pending]];
    const [row] = await this.#database.read(
      (em) =>
        em.execute<[Record<'issued' | 'failed' | 'burnt' | 'coupons' | 'burntOnly' | 'held', number>]>(
          `select
             (select count(*) from coupons where campaign_id = ?) as issued,
             (select count(*) from failed_events where campaign_id = ? and status = 'open') as failed,
             (select count(*) from burnt_sequences where campaign_id = ?) as burnt,
             (select count(*) from coupons c where c.campaign_id = ? and c.sequence <= ?
                and c.sequence not in (?)) as coupons,
             (select count(*) from burnt_sequences b where b.campaign_id = ? and b.sequence <= ?
                and b.sequence not in (?)
                and not exists (select 1 from coupons c where c.campaign_id = b.campaign_id and c.sequence = b.sequence)
             ) as burntOnly,
             (select count(*) from failed_events f where f.campaign_id = ? and f.slot_sequence <= ?
                and f.slot_sequence not in (?)
                and not exists (select 1 from coupons c
                  where c.campaign_id = f.campaign_id and c.sequence = f.slot_sequence)
                and not exists (select 1 from burnt_sequences b
                  where b.campaign_id = f.campaign_id and b.sequence = f.slot_sequence)
             ) as held`,
          [id, id, id, ...inSample, ...inSample, ...inSample],
        ),
      LONG_DEADLINE_MS,
    );
    const { issued, failed, burnt, coupons, burntOnly, held } = row;
    return { issued, failed, burnt, recorded: coupons + burntOnly + held };
  }

  async unrecorded(id: CampaignId, holders: readonly Holder[]): Promise<readonly Holder[]> {
    return this.#database.read((em) => unrecordedAmong(em, id, holders), LONG_DEADLINE_MS);
  }
}
