import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { acceptedSince, newApplicants } from '../support/applicants.ts';
import { Deployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, Load, play } from '../support/load.ts';
import { randomCampaignId } from '../support/random.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';
import { Stores } from '../support/stores.ts';
import { tally } from '../support/told.ts';
import { expectWhole } from '../support/whole.ts';

await describeOnOwnServers('an outage', (servers) => {
  let deployment: Deployment;
  let stores: Stores;
  let campaignId: string;

  const openCampaign = async (): Promise<void> => {
    await deployment.ready();
    campaignId = randomCampaignId();
    expect(await deployment.client().createCampaign(campaignId, 100_000)).toMatchObject({ status: 201 });
  };

  beforeAll(async () => {
    deployment = await Deployment.start(servers);
    stores = new Stores(deployment);
  });

  afterAll(async () => {
    await stores?.[Symbol.asyncDispose]();
    await deployment?.stop();
  });

  const apply = (perSecond?: number): Load => {
    const plan = { urls: deployment.urls, connections: 60, within: 60_000 };
    const load = new Load(newApplicants(campaignId), perSecond === undefined ? plan : { ...plan, perSecond });
    onTestFinished(() => void load.stop());
    return load;
  };

  const askAgain = (users: Iterable<Answer>): Promise<readonly Answer[]> =>
    play(users, { urls: deployment.urls, connections: 20, within: 30_000 });

  const whole = (answers: readonly Answer[]) =>
    expectWhole(campaignId, answers, { client: deployment.client(1), stores });

  it('of MySQL stops no application, and all that was accepted is stored afterwards', async () => {
    await openCampaign();
    const load = apply(100);
    await inMidFlow(load);
    await servers.kill('mysql');
    const killedAt = performance.now();

    await eventually(() => expect(acceptedSince(load, killedAt).length).toBeGreaterThanOrEqual(2_000), 40_000);
    const [api, consumer] = [deployment.apis[0], deployment.consumers[0]];
    expect(await api?.readiness()).toMatchObject({ status: 200, readiness: { status: 'degraded' } });
    expect(await consumer?.readiness()).toMatchObject({ status: 503, readiness: { status: 'unavailable' } });
    const [accepted] = acceptedSince(load, killedAt);
    expect(await deployment.client().application(campaignId, accepted?.userId ?? '')).toMatchObject({
      status: 200,
      body: { status: 'accepted', sequence: accepted?.sequence },
    });
    await servers.start('mysql');
    const answers = await load.stop();

    expect(Object.keys(tally(answers))).toEqual(['202']);
    expect(await whole(answers)).toMatchObject({ burnt: 0, issued: answers.length });
    expect(await deployment.client().failedEvents()).toEqual([]);
  });

  it('of Kafka tells nobody a sequence that may be lost, and settles every grant afterwards', async () => {
    await openCampaign();
    const load = apply(200);
    await inMidFlow(load);
    await servers.freeze('kafka');
    const frozenAt = performance.now();
    const since = () => load.answers.filter(({ sentAt }) => sentAt > frozenAt);
    await eventually(() => expect(since().length).toBeGreaterThanOrEqual(1_000), 20_000);
    expect(new Set(since().map(({ status }) => status))).toEqual(new Set([503]));
    expect((await deployment.apis[0]?.readiness())?.readiness.dependencies.kafka?.status).toBe('unavailable');
    expect(await stores.pending(campaignId)).toBeGreaterThan(0);

    await servers.thaw('kafka');
    await deployment.ready();
    const thawedAt = performance.now();
    await eventually(() => expect(acceptedSince(load, thawedAt).length).toBeGreaterThan(100));
    const answers = await load.stop();
    const refused = answers.filter(({ status }) => status === 503);
    const granted = await stores.counted(campaignId);
    const givesUp = ({ userId }: Answer) => granted.has(userId) && Number(userId) % 2 === 0;
    const again = await askAgain(refused.filter((answer) => !givesUp(answer)));

    expect(Object.keys(tally(answers)).toSorted()).toEqual(['202', '503 outcome-unknown', '503 unavailable']);
    expect(again.filter(({ sequence }) => sequence === null)).toEqual([]);
    const gaveUp = refused.filter(givesUp);
    expect(gaveUp.length).toBeGreaterThan(0);
    expect(await whole([...answers, ...again])).toMatchObject({ burnt: 0 });
    const recorded = await stores.recorded(campaignId);
    expect(gaveUp.filter(({ userId }) => !recorded.has(userId))).toEqual([]);
  });

  it('of an API that is killed in a burst leaves no grant behind', async () => {
    await openCampaign();
    const load = apply();
    await inMidFlow(load, 500);
    const [api] = deployment.apis;
    await api?.kill();
    const answers = await load.stop();
    // Granted and published, with the mark still set: the process that would have cleared it is gone.
    expect(await stores.pending(campaignId)).toBeGreaterThan(0);
    if (api) await deployment.restart(api);

    const unanswered = answers.filter(({ status }) => status === 0);
    expect(unanswered.length).toBeGreaterThan(0);
    const again = await askAgain(unanswered.slice(0, 200));
    expect(Object.keys(tally(again)).filter((answer) => answer !== '200' && answer !== '202')).toEqual([]);
    expect(await whole([...answers, ...again])).toMatchObject({ burnt: 0 });
  });

  it('of the leading consumer passes the lead to the other, and nothing accepted is lost', async () => {
    await openCampaign();
    const load = apply(200);
    await inMidFlow(load);
    const leader = await eventually(() => deployment.leader ?? Promise.reject(new Error('nobody leads')));
    const other = deployment.consumers.find((each) => each !== leader);
    const said = other?.lines.length ?? 0;

    await leader.kill();
    await other?.line('"leading"', 10_000, said);
    const answers = await load.stop();

    expect(Object.keys(tally(answers))).toEqual(['202']);
    expect(await whole(answers)).toMatchObject({ burnt: 0, issued: answers.length });
    await deployment.restart(leader);
  });
});

const inMidFlow = async (load: Load, accepted = 100): Promise<void> => {
  await eventually(() => expect(acceptedSince(load).length).toBeGreaterThanOrEqual(accepted));
};
