import { expect, it, onTestFinished } from 'vitest';
import { Deployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { randomCampaignId } from '../support/random.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';

await describeOnOwnServers('the start of a process', (servers) => {
  const start = async (deployment: Deployment): Promise<void> => {
    onTestFinished(() => deployment.kill());
    await deployment.startConsumers(1);
    await deployment.startApis(1);
    for (const each of [...deployment.apis, ...deployment.consumers]) await each.alive();
  };

  const givesCoupons = async (deployment: Deployment): Promise<void> => {
    await deployment.ready();
    const campaignId = randomCampaignId();
    expect(await deployment.client().createCampaign(campaignId, 1)).toMatchObject({ status: 201 });
    expect(await deployment.client().apply(campaignId, '7')).toMatchObject({ status: 202, body: { sequence: 1 } });
  };

  it('waits for missing migrations, says so in one line, and goes on by itself', async () => {
    const deployment = new Deployment(servers);
    await start(deployment);
    for (const each of [...deployment.apis, ...deployment.consumers]) {
      await eventually(async () => {
        const { status, readiness } = await each.readiness();
        const { mysql } = readiness.dependencies;
        expect({ status, mysql: mysql?.status }).toEqual({ status: 503, mysql: 'unavailable' });
        expect(mysql?.detail).toMatch(/^[^\n]*npm run migrate[^\n]*$/);
      });
    }

    await deployment.migrate();

    await givesCoupons(deployment);
    await deployment.stop();
  });

  it('waits for servers that are away, whichever comes first', async () => {
    const deployment = new Deployment(servers);
    await deployment.migrate();
    await servers.stop();
    await start(deployment);
    for (const each of [...deployment.apis, ...deployment.consumers]) {
      expect(await each.readiness()).toMatchObject({ status: 503, readiness: { status: 'unavailable' } });
    }

    await servers.start();

    await givesCoupons(deployment);
    await deployment.stop();
  });
});
