import { expect, it, onTestFinished } from 'vitest';
import { acceptedSince, newApplicants, someApplicants } from '../support/applicants.ts';
import { eventually } from '../support/eventually.ts';
import { Load } from '../support/load.ts';
import { randomCampaignId } from '../support/random.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';
import { tally } from '../support/told.ts';
import { useDeployment } from '../support/use-deployment.ts';
import { expectWhole } from '../support/whole.ts';

await describeOnOwnServers('the end of a process', (servers) => {
  const deployed = useDeployment(servers);

  const openCampaign = async (): Promise<string> => {
    const campaignId = randomCampaignId();
    expect(await deployed().deployment.client(1).createCampaign(campaignId, 100_000)).toMatchObject({ status: 201 });
    return campaignId;
  };

  it('comes in time when it is told to in a burst, and keeps what it answered', async () => {
    const { deployment, stores } = deployed();
    const campaignId = await openCampaign();
    const [api] = deployment.apis;
    const load = new Load(newApplicants(campaignId), { urls: deployment.urls, connections: 60, within: 30_000 });
    onTestFinished(() => void load.stop());
    await eventually(() => expect(acceptedSince(load).length).toBeGreaterThanOrEqual(500));

    await api?.stop();
    const answers = await load.stop();
    if (api) await deployment.restart(api);

    await expectWhole(campaignId, answers, { client: deployment.client(1), stores });
  });

  it('comes after every request that it had received is answered', async () => {
    const { deployment, stores } = deployed();
    const campaignId = await openCampaign();
    const [api] = deployment.apis;
    // The answers wait for Kafka: what is in flight then has long been received.
    await servers.freeze('kafka');
    const load = new Load(someApplicants(campaignId, 50), { urls: [api?.url ?? ''], connections: 50, within: 30_000 });
    await eventually(async () => expect(await stores.pending(campaignId)).toBe(50));

    api?.terminate();
    await servers.thaw('kafka');

    const answers = await load.done;
    expect(Object.keys(tally(answers)).filter((answer) => !/^(202|503 outcome-unknown)$/.test(answer))).toEqual([]);
    expect(await api?.exit()).toBe(0);
    if (api) await deployment.restart(api);
    await expectWhole(campaignId, answers, { client: deployment.client(1), stores });
  });

  it('comes to a consumer with its batch finished, and the others go on behind it', async () => {
    const { deployment, stores } = deployed();
    const campaignId = await openCampaign();
    const [consumer] = deployment.consumers;
    const load = new Load(newApplicants(campaignId), {
      urls: deployment.urls,
      connections: 20,
      perSecond: 500,
      within: 30_000,
    });
    onTestFinished(() => void load.stop());
    await eventually(async () => expect((await stores.recorded(campaignId)).size).toBeGreaterThan(200));

    await consumer?.stop();
    const answers = await load.stop();
    if (consumer) await deployment.restart(consumer);

    expect(Object.keys(tally(answers))).toEqual(['202']);
    await expectWhole(campaignId, answers, { client: deployment.client(1), stores });
  });
});
