import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { HistoryWriter, readHistory } from '../../scripts/load/history.ts';
import { LoadRun } from '../../scripts/load/load.ts';
import type { Verdict } from '../../scripts/load/verdict.ts';
import { serveApi } from '../adapters/http/served-api.ts';
import { eventually } from '../support/eventually.ts';
import { drive, PLAN, temporaryFolder } from './drive.ts';
import { startLiar } from './liar.ts';

// Real time on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const violated = ({ violations }: Verdict): readonly string[] =>
  Object.entries(violations).flatMap(([kind, { count }]) => (count > 0 ? [kind] : []));

describe('against the service', () => {
  it.each([
    ['closed', { kind: 'closed', connections: 16 }],
    ['open', { kind: 'open', rate: 1_000, maxInFlight: 10_000 }],
  ] as const)('finds nothing to complain of, in the %s model', async (_, model) => {
    await using api = await serveApi();
    const id = await api.open({ limit: 50 });
    const draining: Promise<void>[] = [];
    const { results } = await drive(
      `http://127.0.0.1:${api.port}`,
      id,
      { model, requests: 400, users: 300, duplicates: 0.5 },
      { settle: 10_000, settling: () => draining.push(api.drain()) },
    );
    await Promise.all(draining);
    expect(violated(results.verdict)).toEqual([]);
    expect(results.verdict.users).toMatchObject({
      accepted: { coupon: 50, none: 0 },
      'sold-out': { coupon: 0, none: 250 },
    });
    expect(results.statistics.requests).toBeGreaterThan(550);
    expect(results.truth.limit).toBe(50);
    expect(results.remaining.at(-1)?.remaining).toBe(0);
    expect(results.tester.notSent).toBe(0);
  });

  it('calls a promise that is not settled in time violated', async () => {
    await using api = await serveApi();
    const id = await api.open({ limit: 5 });
    const { results } = await drive(`http://127.0.0.1:${api.port}`, id, {}, { settle: 300 });
    expect(violated(results.verdict)).toEqual(['accepted-and-unsettled']);
    expect(results.verdict.users.accepted).toMatchObject({ unsettled: 5 });
  });

  it('tells nobody that a run was good in which nothing was decided', async () => {
    await using api = await serveApi();
    const id = await api.open({ limit: 5 });
    const drivenWith = (firstUser: bigint) => drive(`http://127.0.0.1:${api.port}`, id, { firstUser });
    await expect(drivenWith(0x7fff_ffff_ffff_ffffn + 1n)).rejects.toThrow('400 invalid-user-id');
  });
});

describe('against a server', () => {
  it.each([
    ['keeps its word', undefined, []],
    ['oversells', 'oversells', ['more-promises-than-the-limit', 'more-coupons-than-the-limit']],
    ['tells-one-sequence-twice', 'tells-one-sequence-twice', ['one-sequence-for-two-users']],
    ['issues-nothing', 'issues-nothing', ['accepted-and-nothing']],
    ['forgets', 'forgets', ['promise-taken-back']],
  ] as const)('that %s, it finds just that', async (_, lie, kinds) => {
    const liar = await startLiar({ limit: 20, ...(lie === undefined ? {} : { lie }) });
    // One after the other, so that nothing but the lie can be out of order.
    const model = { kind: 'closed', connections: 1 } as const;
    const { results } = await drive(liar.url, 'liar', { model, requests: 120 }, { settle: 500 });
    expect(violated(results.verdict)).toEqual(kinds);
    expect(results.verdict.good).toBe(lie === undefined);
  });
});

describe('the load', () => {
  it('counts latency from when a request was meant to be sent, and waits for no slow answer', async () => {
    let held = Promise.resolve();
    const liar = await startLiar({
      limit: 1_000,
      // From the tenth request on nothing is answered for 400 ms.
      first: async (count) => {
        if (count === 10) held = sleep(400);
        await held;
        return false;
      },
    });
    const model = { kind: 'open', rate: 200, maxInFlight: 1_000 } as const;
    const { results } = await drive(liar.url, 'liar', { model, requests: 100, users: 100 });
    // At 200 a second about 80 arrive meanwhile, and wait between 400 and 0 ms: half of them more than 200.
    expect(results.statistics.latency.all?.count).toBe(100);
    expect(results.statistics.latency.all?.p50).toBeGreaterThan(100);
    expect(results.statistics.latency.all?.max).toBeGreaterThan(380);
  });

  it('keeps to the times that were meant when it is late itself', async () => {
    const liar = await startLiar({
      limit: 1_000,
      // In the thread of the tester, which can send nothing meanwhile.
      first: (count) => {
        if (count === 10) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        return false;
      },
    });
    const history = new HistoryWriter(join(temporaryFolder(), 'h.ndjson'));
    const model = { kind: 'open', rate: 200, maxInFlight: 1_000 } as const;
    const run = new LoadRun({ ...PLAN, model, requests: 100, campaignId: 'liar', urls: () => [liar.url] }, history);
    run.start();
    await run.done;
    history.close();
    const pressed = await readHistory(history.path);
    const [first] = pressed;
    for (const [index, { at }] of pressed.entries()) expect(at - (first?.at ?? 0)).toBeCloseTo(index * 5, 2);
    expect(Math.max(...pressed.map(({ at, sentAt }) => sentAt - at))).toBeGreaterThan(200);
  });

  it('sends nothing beyond the most in flight, and counts what it left out', async () => {
    const open = Promise.withResolvers<void>();
    const liar = await startLiar({
      limit: 1_000,
      first: async () => {
        await open.promise;
        return false;
      },
    });
    const model = { kind: 'open', rate: 500, maxInFlight: 7 } as const;
    const folder = temporaryFolder();
    const history = new HistoryWriter(join(folder, 'h.ndjson'));
    const run = new LoadRun({ ...PLAN, model, campaignId: 'liar', urls: () => [liar.url] }, history);
    run.start();
    await eventually(() => expect(run.progress.notSent).toBe(53));
    expect(run.progress).toMatchObject({ sent: 7, inFlight: 7, answered: 0 });
    open.resolve();
    await run.done;
    expect(run.progress).toMatchObject({ sent: 7, inFlight: 0, accepted: 7 });
    history.close();
  });

  it('asks again after a 503, a timeout and a broken connection, and waits as long as it is told', async () => {
    const liar = await startLiar({
      limit: 10,
      first: (count, response) => {
        if (count === 1) response.writeHead(503, { 'Retry-After': '1' }).end('{"type":"/problems/unavailable"}');
        if (count === 3) response.destroy();
        return count < 4;
      },
    });
    const plan = {
      model: { kind: 'closed', connections: 1 },
      requests: 1,
      users: 1,
      retries: 5,
      timeout: 200,
    } as const;
    const { results, run } = await drive(liar.url, 'liar', plan);
    expect(run?.progress).toMatchObject({ sent: 4, retried: 3, accepted: 1, failed: 3 });
    expect(results.statistics.told).toMatchObject({ error: 2, timeout: 1, accepted: 1 });
  });

  it('writes each attempt down, and keeps to Retry-After', async () => {
    const liar = await startLiar({
      limit: 10,
      first: (count, response) => {
        if (count === 1) response.writeHead(503, { 'Retry-After': '1' }).end('{"type":"/problems/unavailable"}');
        return count === 1;
      },
    });
    const history = new HistoryWriter(join(temporaryFolder(), 'h.ndjson'));
    const plan = { ...PLAN, requests: 1, users: 1, retries: 1, campaignId: 'liar', urls: () => [liar.url] };
    const run = new LoadRun(plan, history);
    run.start();
    await run.done;
    history.close();
    const [first, second] = await readHistory(history.path);
    expect(first).toMatchObject({
      user: '1',
      attempt: 1,
      answer: { status: 503, kind: 'unavailable', sequence: null },
    });
    expect(second).toMatchObject({ user: '1', attempt: 2, answer: { status: 202, kind: 'accepted', sequence: 1 } });
    const pause = (second?.sentAt ?? 0) - (first?.answer?.answeredAt ?? 0);
    expect(pause).toBeGreaterThan(990);
    expect(pause).toBeLessThan(3_000);
  });

  it('takes processes in turn, and follows them when they move', async () => {
    const one = await startLiar({ limit: 1_000 });
    const other = await startLiar({ limit: 1_000 });
    let urls = [one.url, other.url];
    const history = new HistoryWriter(join(temporaryFolder(), 'h.ndjson'));
    const run = new LoadRun({ ...PLAN, requests: 400, users: 400, campaignId: 'liar', urls: () => urls }, history);
    run.start();
    await eventually(() => expect(run.progress.sent).toBeGreaterThanOrEqual(20));
    urls = [other.url];
    const before = run.progress.sent;
    await run.done;
    history.close();
    const hosts = (await readHistory(history.path)).map(({ to }) => to);
    const turns = [new URL(one.url).host, new URL(other.url).host];
    expect(hosts.slice(0, before)).toEqual(Array.from({ length: before }, (_, index) => turns[index % 2]));
    expect(new Set(hosts.slice(before))).toEqual(new Set(turns.slice(1)));
  });

  it('stops when it is told to, and waits for what is on its way', async () => {
    const liar = await startLiar({ limit: 1_000_000 });
    const history = new HistoryWriter(join(temporaryFolder(), 'h.ndjson'));
    const run = new LoadRun(
      { ...PLAN, requests: 1_000_000, users: 1_000_000, campaignId: 'liar', urls: () => [liar.url] },
      history,
    );
    run.start();
    await eventually(() => expect(run.progress.answered).toBeGreaterThan(50));
    await run.stop();
    expect(run.progress.inFlight).toBe(0);
    expect(run.progress.sent).toBe(run.progress.answered);
    expect(run.progress.sent).toBeLessThan(1_000_000);
    history.close();
  });
});
