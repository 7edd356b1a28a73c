import { raw } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { VoidedGrant, VoidOutcome, VoidRequest, Voids } from '../../domain/ports/voids.ts';
import type { UserId } from '../../domain/user-id.ts';
import type { Database } from './database.ts';
import { isFailedEventId } from './failed-event-row.ts';
import { voidEvent } from './void-event.ts';

export class MikroOrmVoids implements Voids {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async voidEvent(id: string, request: VoidRequest): Promise<VoidOutcome> {
    if (!isFailedEventId(id)) return { kind: 'not-found' };
    return this.#database.transaction((em) => voidEvent(em, id, request));
  }

  async untold(campaignId: CampaignId | null): Promise<readonly VoidedGrant[]> {
    const rows = await this.#database.read((em) =>
      em.execute<VoidedGrant[]>(
        `select campaign_id as campaignId, cast(user_id as char) as userId, sequence
         from burnt_sequences join campaigns on campaigns.id = campaign_id
         where told_at is null and user_id is not null and archived_at is null
           ${campaignId === null ? '' : 'and campaign_id = ?'}
         order by burnt_at, campaign_id, sequence`,
        campaignId === null ? [] : [campaignId],
      ),
    );
    return rows.map(({ campaignId: id, userId, sequence }) => ({ campaignId: id, userId, sequence }));
  }

  async markTold({ campaignId, sequence }: VoidedGrant, now: Instant): Promise<void> {
    const update = 'update burnt_sequences set told_at = ? where campaign_id = ? and sequence = ? and told_at is null';
    await this.#database.transaction((em) => em.execute(update, [new Date(now), campaignId, sequence]));
  }

  async sequenceOf(campaignId: CampaignId, userId: UserId): Promise<number | null> {
    const [row] = await this.#database.read((em) =>
      em.execute<{ sequence: number }[]>(
        'select sequence from burnt_sequences where campaign_id = ? and user_id = ? limit 1',
        [campaignId, raw(userId)],
      ),
    );
    return row?.sequence ?? null;
  }
}
