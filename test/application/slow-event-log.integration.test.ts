import { expect, it, onTestFinished } from 'vitest';
import { KafkaCouponEventPublisher } from '../../src/adapters/kafka/kafka-coupon-event-publisher.ts';
import { connectRedis } from '../../src/adapters/redis/redis-connection.ts';
import { RedisCounterKeeper } from '../../src/adapters/redis/redis-counter-keeper.ts';
import { RedisCounterOpening } from '../../src/adapters/redis/redis-counter-opening.ts';
import { RedisIssuanceCounter } from '../../src/adapters/redis/redis-issuance-counter.ts';
import { ApplyForCoupon } from '../../src/application/apply-for-coupon.ts';
import { CampaignDirectory } from '../../src/application/campaign-directory.ts';
import { CampaignLaunch } from '../../src/application/campaign-launch.ts';
import { CounterRebuild } from '../../src/application/counter-rebuild.ts';
import { IssueCoupons } from '../../src/application/issue-coupons.ts';
import { KeepCountersOpen } from '../../src/application/keep-counters-open.ts';
import { KnownIncarnation } from '../../src/application/known-incarnation.ts';
import { OpenCampaign } from '../../src/application/open-campaign.ts';
import { eventually } from '../support/eventually.ts';
import { KafkaLog } from '../support/kafka-log.ts';
import { KafkaProxy } from '../support/kafka-proxy.ts';
import { realClock, realScheduler } from '../support/kafka-surroundings.ts';
import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { describeWithRedisServer, RedisServer } from '../support/redis-server.ts';
import { services } from '../support/services.ts';

/** Twice on the way of an event, there and back: well before the deadline, and long after a rebuild that did not wait. */
const SLOW = 400;

describeWithRedisServer('A rebuild while the event log is slow', () => {
  const mysql = useMysqlDatabase();

  /** One process on real servers, whose publisher alone reaches Kafka through a proxy. */
  async function aProcess() {
    const server = await RedisServer.start();
    const proxy = await KafkaProxy.listen();
    const log = new KafkaLog(services().kafkaBrokers, 2);
    const redis = connectRedis(server.url, () => undefined);
    const settings = { clientId: 'slow', brokers: services().kafkaBrokers.split(','), openSocket: proxy.openSocket };
    const publisher = new KafkaCouponEventPublisher(settings, log.topic, realClock, realScheduler, log.journal);
    onTestFinished(async () => {
      await publisher.disconnect();
      await log[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      redis.disconnect();
      await server[Symbol.asyncDispose]();
    });
    publisher.connect();
    await eventually(() => expect([publisher.isAvailable(), redis.status]).toEqual([true, 'ready']));

    const { campaigns, coupons, failedEvents, issuance, incarnations } = mysqlRecord(mysql());
    const known = new KnownIncarnation(incarnations, realClock);
    const counter = new RedisIssuanceCounter(redis, known);
    const counters = new RedisCounterKeeper(redis, known);
    const launch = new CampaignLaunch(campaigns, counters, realClock, realScheduler);
    const rebuild = new CounterRebuild(issuance, publisher, log.progress, realClock, realScheduler, log.journal);
    const opening = new RedisCounterOpening(server.url);
    const { journal } = log;
    const issue = new IssueCoupons(coupons, failedEvents, counters);
    const consumer = log.consumer(async (events) => void (await issue.execute(events)));
    consumer.start();
    await eventually(() => expect(consumer.isRunning()).toBe(true));
    const keepOpen = new KeepCountersOpen(
      campaigns,
      issuance,
      incarnations,
      known,
      opening,
      counter,
      launch,
      rebuild,
      journal,
    );
    return {
      server,
      proxy,
      counter,
      coupons,
      keepOpen: () => keepOpen.execute(new AbortController().signal),
      openCampaign: new OpenCampaign(campaigns, counter, launch, realClock, realScheduler),
      applyForCoupon: new ApplyForCoupon(
        counter,
        publisher,
        new CampaignDirectory(campaigns, realClock),
        realClock,
        10,
      ),
    };
  }

  it('keeps a grant whose event was under way when its counter was closed, and whose user is told in time', async () => {
    const { server, proxy, counter, coupons, keepOpen, openCampaign, applyForCoupon } = await aProcess();
    const id = randomCampaignId();
    await keepOpen();
    const terms = { name: 'Welcome', limit: 10, startsAt: null, endsAt: null };
    expect(await openCampaign.execute({ id, ...terms })).toBe('created');

    proxy.delay(SLOW);
    const [user, next] = [randomUserId(), randomUserId()];
    const told = applyForCoupon.execute(id, user);
    await eventually(async () => expect(await counter.standing(id)).toMatchObject({ counter: 1 }));
    await server.admin.flushall();
    const rebuilt = keepOpen();
    expect(await told).toMatchObject({ kind: 'accepted', grant: { sequence: 1 } });
    await rebuilt;

    proxy.delay(0);
    expect(await applyForCoupon.execute(id, next)).toMatchObject({
      kind: 'accepted',
      grant: { sequence: 2, epoch: 2 },
    });
    expect(await applyForCoupon.execute(id, user)).toMatchObject({ kind: 'accepted', grant: { sequence: 1 } });
    await eventually(async () => expect(await coupons.find(id, user)).toMatchObject({ sequence: 1 }));
    await eventually(async () => expect(await coupons.find(id, next)).toMatchObject({ sequence: 2 }));
  });
});
