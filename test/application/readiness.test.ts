import { describe, expect, it } from 'vitest';
import { CounterProbe } from '../../src/application/counter-probe.ts';
import { ReportReadiness } from '../../src/application/report-readiness.ts';
import { FINAL_WITHIN } from '../../src/domain/final-by.ts';
import type { DependencyProbe, DependencyState } from '../../src/domain/ports/dependency-probe.ts';
import { anOpenCampaign, aWorld } from '../support/in-memory-world.ts';
import { randomUserId } from '../support/random.ts';

type Status = DependencyState['status'];

const probe = (name: DependencyProbe['name'], status: Status, detail?: string): DependencyProbe => ({
  name,
  check: async () => (detail === undefined ? { status } : { status, detail }),
});

const NOTHING_OPENED = { all: async () => new Map() };

const statusOf = async (redis: Status, kafka: Status, mysql: Status): Promise<Status> => {
  const probes = [probe('redis', redis), probe('kafka', kafka), probe('mysql', mysql)];
  return (await new ReportReadiness(probes, ['redis', 'kafka'], NOTHING_OPENED).execute()).status;
};

describe('a process', () => {
  it('is ready when everything is', async () => {
    expect(await statusOf('ready', 'ready', 'ready')).toBe('ready');
  });

  it('is unavailable without something it requires, whatever else is the case', async () => {
    expect(await statusOf('unavailable', 'ready', 'ready')).toBe('unavailable');
    expect(await statusOf('ready', 'unavailable', 'unavailable')).toBe('unavailable');
    expect(await statusOf('unavailable', 'degraded', 'unavailable')).toBe('unavailable');
  });

  it('is degraded, and serves, without something it does not require', async () => {
    expect(await statusOf('ready', 'ready', 'unavailable')).toBe('degraded');
  });

  it('is degraded where something is', async () => {
    expect(await statusOf('degraded', 'ready', 'ready')).toBe('degraded');
    expect(await statusOf('ready', 'ready', 'degraded')).toBe('degraded');
  });

  it('names every dependency with its state and what is wrong', async () => {
    const probes = [probe('kafka', 'unavailable', 'no broker answers'), probe('mysql', 'ready')];
    expect(await new ReportReadiness(probes, ['kafka'], NOTHING_OPENED).execute()).toEqual({
      status: 'unavailable',
      oldestPendingGrant: null,
      dependencies: { kafka: { status: 'unavailable', detail: 'no broker answers' }, mysql: { status: 'ready' } },
    });
  });
});

describe('the oldest pending grant', () => {
  it('is the oldest of all campaigns, in seconds of the clock of the counter', async () => {
    const { world, process } = await aWorld();
    const [one, other] = [await anOpenCampaign(process, 5), await anOpenCampaign(process, 5)];
    const readiness = new ReportReadiness([], [], process.standings);
    expect(await readiness.execute()).toMatchObject({ oldestPendingGrant: null });
    for (const id of [one, other, one]) {
      await process.counter.admit(id, randomUserId());
      world.time.advance(1_500);
    }
    expect(await readiness.execute()).toMatchObject({ oldestPendingGrant: { campaignId: one, seconds: 4.5 } });
    expect(await readiness.oldestPendingGrant()).toEqual({ campaignId: one, seconds: 4.5 });
  });

  it('is not told while the counter cannot be asked, which takes nothing from the rest', async () => {
    const { world, process } = await aWorld();
    await anOpenCampaign(process, 5);
    world.store.suffer('away');
    const readiness = new ReportReadiness([probe('kafka', 'ready')], [], process.standings);
    expect(await readiness.execute()).toMatchObject({ status: 'ready', oldestPendingGrant: null });
    await expect(readiness.oldestPendingGrant()).rejects.toMatchObject({ name: 'Unavailable' });
  });
});

async function aCounterProbe(server = probe('redis', 'ready')) {
  const { world, process } = await aWorld();
  const counter = new CounterProbe(server, process.standings);
  /** What is known of the campaigns is up to a second old. */
  const check = () => {
    world.time.advance(1_000);
    return counter.check();
  };
  return { world, process, check };
}

describe('the counter', () => {
  it('is ready when its campaigns are open', async () => {
    const { process, check } = await aCounterProbe();
    await anOpenCampaign(process, 1);
    expect(await check()).toEqual({ status: 'ready' });
  });

  it('is ready without a campaign', async () => {
    const { check } = await aCounterProbe();
    expect(await check()).toEqual({ status: 'ready' });
  });

  it('is degraded while one campaign among open ones is being rebuilt, and names it', async () => {
    const { world, process, check } = await aCounterProbe();
    const [lost] = [await anOpenCampaign(process, 1), await anOpenCampaign(process, 1)];
    world.store.lose(lost, 'meta');
    expect(await check()).toEqual({ status: 'degraded', detail: `being rebuilt: ${lost} (missing)` });
  });

  it('is unavailable while every campaign is being rebuilt, and names the first five', async () => {
    const { world, process, check } = await aCounterProbe();
    for (let count = 0; count < 7; count += 1) await anOpenCampaign(process, 1);
    world.store.restart();
    const state = await check();
    expect(state).toMatchObject({ status: 'unavailable' });
    expect(state.detail).toMatch(/^being rebuilt: (campaign-\w+ \(fenced\), ){5}and 2 more$/);
  });

  it('is degraded while grants are pending for longer than they should be, and names their campaigns', async () => {
    const { world, process, check } = await aCounterProbe();
    const [one, other] = [await anOpenCampaign(process, 5), await anOpenCampaign(process, 5)];
    await anOpenCampaign(process, 5);
    for (const id of [one, other]) await process.counter.admit(id, randomUserId());
    world.time.advance(FINAL_WITHIN - 1_000);
    expect(await check()).toEqual({ status: 'ready' });
    const detail = `grants pending for longer than 30 s: ${[one, other].toSorted().join(', ')}`;
    expect(await check()).toEqual({ status: 'degraded', detail });
    expect(await check()).toEqual({ status: 'degraded', detail });
    world.time.advance(1_000);
    await process.settlePendingGrants.execute();
    expect(await check()).toEqual({ status: 'ready' });
  });

  it('is unavailable when its server is, and says what the server says', async () => {
    const { check } = await aCounterProbe(probe('redis', 'unavailable', 'connection refused'));
    expect(await check()).toEqual({ status: 'unavailable', detail: 'connection refused' });
  });

  it('keeps what its server warns of', async () => {
    const { check } = await aCounterProbe(probe('redis', 'degraded', 'appendfsync is everysec'));
    expect(await check()).toEqual({ status: 'degraded', detail: 'appendfsync is everysec' });
  });

  it('is unavailable when it does not answer', async () => {
    const { world, process, check } = await aCounterProbe();
    await anOpenCampaign(process, 1);
    world.store.suffer('replies-lost');
    expect(await check()).toMatchObject({ status: 'unavailable' });
  });

  it('is judged by the campaigns last seen while the record is away', async () => {
    const { world, process, check } = await aCounterProbe();
    await anOpenCampaign(process, 1);
    await check();
    process.calls.away('campaigns', 'database');
    expect(await check()).toEqual({ status: 'ready' });
    world.store.wipe();
    expect(await check()).toMatchObject({ status: 'unavailable' });
  });

  it('does not count a campaign that was never opened', async () => {
    const { world, process, check } = await aCounterProbe();
    const id = await anOpenCampaign(process, 1);
    await process.campaigns.create(
      { id: `${id}-next` as typeof id, name: 'Next', limit: 1, startsAt: null, endsAt: null },
      world.time.now(),
    );
    expect(await check()).toEqual({ status: 'ready' });
  });
});
