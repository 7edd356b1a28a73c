import { MikroORM } from '@mikro-orm/mysql';
import { decodeCouponEvent } from '../../src/adapters/kafka/coupon-event.ts';
import { calmRequestQueueTimer } from '../../src/adapters/kafka/request-queue-timer.ts';
import { visitTopic } from '../support/kafka-topic.ts';
import type { CampaignState, Event } from './campaign-state.ts';
import { TOPIC } from './fleet.ts';
import { raisedAlarms } from './raised-alarms.ts';
import type { Scene } from './scene.ts';

interface Row {
  readonly campaign: string;
  readonly holder: string | null;
  readonly sequence: number;
}

interface Alarm {
  readonly campaign: string;
  readonly disagreements: number;
  readonly report: string;
}

/** Everything there is, by campaign, read from the servers themselves. */
export async function readState(scene: Scene): Promise<ReadonlyMap<string, CampaignState>> {
  const { servers } = scene.surroundings;
  calmRequestQueueTimer();
  const orm = new MikroORM({
    clientUrl: servers.mysqlUrl(),
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  try {
    const ask = <T>(sql: string) => orm.em.execute<T[]>(sql);
    const states = new Map<string, CampaignState>();
    const of = (campaign: string): CampaignState => {
      const state = states.get(campaign);
      if (state === undefined) throw new Error(`there is a record of ${campaign}, which does not exist`);
      return state;
    };
    const campaigns = 'select id, coupon_limit as `limit`, ceiling from campaigns';
    for (const { id, limit, ceiling } of await ask<{ id: string; limit: number; ceiling: number }>(campaigns)) {
      const counter = await readCounter(scene, id);
      states.set(id, {
        limit,
        ceiling,
        counter,
        coupons: new Map(),
        held: new Map(),
        burnt: [],
        duplicates: [],
        failedEvents: new Map(),
        events: [],
        alarms: [],
      });
    }
    const columns = 'campaign_id as campaign, cast(user_id as char) as holder, sequence';
    for (const row of await ask<Row>(`select ${columns} from coupons`)) add(of(row.campaign), 'coupons', row);
    const holding = "status = 'open' and holds_slot";
    for (const row of await ask<Row>(`select ${columns} from failed_events where ${holding}`)) {
      add(of(row.campaign), 'held', row);
    }
    for (const { campaign, holder, sequence } of await ask<Row>(`select ${columns} from burnt_sequences`)) {
      of(campaign).burnt.push({ sequence, userId: holder });
    }
    const reasons = 'select campaign_id as campaign, reason, count(*) as number from failed_events group by 1, 2';
    for (const { campaign, reason, number } of await ask<{ campaign: string; reason: string; number: number }>(
      reasons,
    )) {
      of(campaign).failedEvents.set(reason, Number(number));
    }
    const alarms = 'select campaign_id as campaign, disagreements, report from reconciliations where disagreements > 0';
    for (const { campaign, disagreements, report } of await ask<Alarm>(alarms)) {
      of(campaign).alarms.push({ count: Number(disagreements), report });
    }
    for (const { campaign, count, report } of raisedAlarms(scene.fleet.lines)) {
      const { alarms: known } = of(campaign);
      if (known.length === 0) known.push({ count, report });
    }
    await visitTopic(servers.kafkaBrokers, TOPIC, ({ partition, message }) => {
      const { content } = decodeCouponEvent(TOPIC, partition, message);
      if ('malformed' in content) throw new Error(`the topic holds what the drill never wrote: ${content.malformed}`);
      const { campaignId, userId, sequence, epoch, grantedAt } = content.grant;
      const event: Event = { userId, sequence, epoch, grantedAt };
      of(campaignId).events.push(event);
    });
    return states;
  } finally {
    await orm.close(true);
  }
}

async function readCounter({ redis }: Scene, id: string): Promise<CampaignState['counter']> {
  const meta = await redis.hgetall(`coupon:{${id}}:meta`);
  if (meta['counter'] === undefined) return null;
  const users = await redis.hgetall(`coupon:{${id}}:users`);
  return {
    limit: Number(meta['limit']),
    ceiling: Number(meta['ceiling']),
    counter: Number(meta['counter']),
    holes: Number(meta['holes']),
    pending: await redis.zcard(`coupon:{${id}}:pending`),
    users: new Map(Object.entries(users).map(([userId, sequence]) => [userId, Number(sequence)])),
  };
}

function add(state: CampaignState, where: 'coupons' | 'held', { holder, sequence }: Row): void {
  const user = String(holder);
  if (state[where].has(user)) state.duplicates.push(user);
  state[where].set(user, Number(sequence));
}
