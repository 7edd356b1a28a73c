import { expect, it, onTestFinished } from 'vitest';
import { acceptedSince, Doubters, newApplicants } from '../support/applicants.ts';
import { eventually } from '../support/eventually.ts';
import { withAdmin } from '../support/kafka-topic.ts';
import { Load } from '../support/load.ts';
import { randomCampaignId } from '../support/random.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';
import { tally } from '../support/told.ts';
import { useDeployment } from '../support/use-deployment.ts';
import { expectWhole } from '../support/whole.ts';

const LIMIT = 20_000;
const WITHHELD = ['503 outcome-unknown', '503 rebuilding', '503 unavailable'];

await describeOnOwnServers('an operator who', (servers) => {
  const deployed = useDeployment(servers);

  /** A campaign that users press for all the time. */
  const aCampaignUnderTraffic = async () => {
    const { deployment } = deployed();
    const campaignId = randomCampaignId();
    expect(await deployment.client().createCampaign(campaignId, LIMIT)).toMatchObject({ status: 201 });
    const load = new Load(newApplicants(campaignId), {
      urls: deployment.urls,
      connections: 20,
      perSecond: 50,
      within: 180_000,
    });
    onTestFinished(() => void load.stop());
    const moreAreAccepted = (count: number, since = performance.now()) =>
      eventually(() => expect(acceptedSince(load, since).length).toBeGreaterThanOrEqual(count), 30_000);
    await moreAreAccepted(100);
    return { campaignId, load, moreAreAccepted };
  };

  const isWhole = async (campaignId: string, load: Load): Promise<void> => {
    const { deployment, stores } = deployed();
    const answers = await load.stop();
    const account = await expectWhole(campaignId, answers, { client: deployment.client(), stores });
    expect(Object.keys(tally(answers)).filter((answer) => answer !== '202' && !WITHHELD.includes(answer))).toEqual([]);
    expect(account.issued).toBeGreaterThanOrEqual(acceptedSince(load).length);
  };

  it('orders a rebuild under traffic takes nothing back, and the campaign is open again within seconds', async () => {
    const { deployment } = deployed();
    const { campaignId, load, moreAreAccepted } = await aCampaignUnderTraffic();
    const doubters = new Doubters(load, [deployment.client(0), deployment.client(1)]);
    onTestFinished(() => void doubters.stop());
    expect(await deployment.client().rebuild(campaignId)).toEqual({ status: 202, body: { campaignId, epoch: 2 } });
    await eventually(() => expect(tally(load.answers)).toHaveProperty('503 rebuilding'));
    await moreAreAccepted(50);
    // Ordered again, in the middle of the rebuild of the order before.
    for (const _ of [1, 2]) {
      expect(await deployment.client(1).rebuild(campaignId)).toMatchObject({ status: 202 });
      await eventually(async () =>
        expect(await deployment.client().account(campaignId)).toMatchObject({ pending: null }),
      );
    }
    await moreAreAccepted(50);
    expect(await doubters.stop()).toEqual({ asked: expect.toSatisfy((asked) => asked > 20), broken: [] });
    await isWhole(campaignId, load);
  });

  it('republishes after the topic was lost under the running service has a coupon for everybody who was accepted', async () => {
    const { deployment, stores } = deployed();
    const { topic } = deployment;
    const { campaignId, load, moreAreAccepted } = await aCampaignUnderTraffic();
    await Promise.all(deployment.consumers.map((consumer) => consumer.stop()));
    await moreAreAccepted(200);
    await withAdmin(servers.kafkaBrokers, async (admin) => {
      await admin.deleteTopics({ topics: [topic] });
      await eventually(async () => expect(await admin.listTopics()).not.toContain(topic));
    });
    const lost = acceptedSince(load).length - (await stores.recorded(campaignId)).size;
    expect(lost).toBeGreaterThanOrEqual(200);
    deployment.consumers.splice(0);
    await deployment.startConsumers(2);
    await deployment.ready(90_000);
    await moreAreAccepted(50);

    const republished = await eventually(async () => {
      const answer = await deployment.client().republish(campaignId);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body;
    });
    expect(republished['marked']).toBeGreaterThanOrEqual(lost);
    expect(republished['checked']).toBeGreaterThan(lost);
    await moreAreAccepted(50);
    await isWhole(campaignId, load);
  });
});
