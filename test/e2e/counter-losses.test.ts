import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { acceptedSince, Doubters, newApplicants, someApplicants } from '../support/applicants.ts';
import { Deployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { type Application, Load, play } from '../support/load.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { Stores } from '../support/stores.ts';
import { tally } from '../support/told.ts';
import { expectWhole } from '../support/whole.ts';

const LIMIT = 3_000;
const WITHHELD = ['503 outcome-unknown', '503 rebuilding', '503 unavailable'];

await describeOnOwnServers('a counter', (servers) => {
  let deployment: Deployment;
  let stores: Stores;
  let bystander: string;

  beforeAll(async () => {
    deployment = await Deployment.start(servers);
    stores = new Stores(deployment);
    bystander = await openCampaign();
  });

  afterAll(async () => {
    await stores?.[Symbol.asyncDispose]();
    await deployment?.stop();
  });

  const openCampaign = async (): Promise<string> => {
    const campaignId = randomCampaignId();
    expect(await deployment.client().createCampaign(campaignId, LIMIT)).toMatchObject({ status: 201 });
    return campaignId;
  };

  const clients = () => [deployment.client(0), deployment.client(1)];

  const playAll = (applications: readonly Application[]) =>
    play(applications, { urls: deployment.urls, connections: 50, within: 30_000 });

  const eachApiSays = (redis: object, within: number): Promise<unknown> =>
    Promise.all(
      deployment.apis.map((api) => eventually(async () => expect(await redisOf(api)).toMatchObject(redis), within)),
    );

  /**
   * Breaks a counter while users press, and checks that it was closed, opened by itself, and took nothing back; then
   * gives away everything that is left.
   */
  const survives = async (campaignId: string, lose: () => Promise<unknown>, closed: object): Promise<void> => {
    const load = new Load(newApplicants(campaignId), {
      urls: deployment.urls,
      connections: 40,
      perSecond: 100,
      within: 60_000,
    });
    onTestFinished(() => void load.stop());
    await eventually(() => expect(acceptedSince(load).length).toBeGreaterThanOrEqual(100));
    const doubters = new Doubters(load, clients());
    onTestFinished(() => void doubters.stop());

    await lose();
    await eachApiSays(closed, 5_000);
    await eachApiSays({ status: 200, redis: { status: 'ready' } }, 15_000);
    const reopenedAt = performance.now();
    await eventually(() => expect(acceptedSince(load, reopenedAt).length).toBeGreaterThanOrEqual(50));

    const answers = await load.stop();
    expect(await doubters.stop()).toEqual({ asked: expect.toSatisfy((asked) => asked > 20), broken: [] });
    expect(Object.keys(tally(answers)).filter((answer) => answer !== '202' && !WITHHELD.includes(answer))).toEqual([]);
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
    const again = await playAll(acceptedSince(load));
    expect(again.filter(({ sequence }) => sequence === null)).toEqual([]);
    const rest = await playAll(someApplicants(campaignId, LIMIT));
    expect(Object.keys(tally(rest)).toSorted()).toEqual(['202', '409 sold-out']);

    const all = [...answers, ...again, ...rest];
    const account = await expectWhole(campaignId, all, { client: deployment.client(), stores });
    expect(account).toMatchObject({ issued: LIMIT, granted: LIMIT, state: 'sold-out' });
  };

  const asAWhole: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'whose Redis is killed and comes back with its file',
      () => servers.kill('redis').then(() => servers.start('redis')),
    ],
    ['whose Redis comes back empty', () => servers.kill('redis').then(() => servers.startRedisEmpty())],
    ['whose Redis is flushed', () => stores.redis.flushall()],
    ['whose Redis loses its scripts', () => stores.redis.script('FLUSH')],
  ];

  it.each(asAWhole)('%s is rebuilt, and nobody is told anything else than before', async (_, lose) => {
    await survives(await openCampaign(), lose, { status: 503, redis: { status: 'unavailable' } });
  });

  describe('of one campaign', () => {
    it.each(['meta', 'users', 'pending'])('that loses its key %s is rebuilt while others go on', async (key) => {
      const campaignId = await openCampaign();
      const lose = async () => {
        // There is a pending mark only for moments.
        await eventually(async () => expect(await stores.redis.del(`coupon:{${campaignId}}:${key}`)).toBe(1));
        expect(await deployment.client().apply(bystander, randomUserId())).toMatchObject({ status: 202 });
      };
      const detail = expect.stringContaining(campaignId);
      await survives(campaignId, lose, { status: 200, redis: { status: 'degraded', detail } });
      expect(await deployment.client().apply(bystander, randomUserId())).toMatchObject({ status: 202 });
    });
  });
});

const redisOf = async (api: ServiceProcess) => {
  const { status, readiness } = await api.readiness();
  return { status, redis: readiness.dependencies.redis };
};
