import { expect, it } from 'vitest';
import { OutcomeUnknown, Unavailable } from '../../../src/domain/outage.ts';
import { asUser, serveApi } from './served-api.ts';

const problem = (kind: string) => ({ type: `/problems/${kind}` });
const NOW = Date.UTC(2026, 11, 1, 9);

it('accepts an application with 202 and says where to look', async () => {
  await using api = await serveApi();
  const id = await api.open();
  const first = await api.apply(id, '9223372036854775807');
  expect(first.status).toBe(202);
  expect(first.headers.get('location')).toBe(`/campaigns/${id}/applications/me`);
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const accepted = { campaignId: id, userId: '9223372036854775807', sequence: 1, status: 'accepted' };
  expect(first.json).toEqual({ ...accepted, finalBy: '2026-12-01T09:00:30.000Z' });
});

it('answers a repeated application with 200 and the same body, without the time that is over by then or soon', async () => {
  await using api = await serveApi();
  const id = await api.open();
  const first = await api.apply(id, '7');
  const again = await api.apply(id, '7');
  expect(again.status).toBe(200);
  expect(again.headers.has('location')).toBe(false);
  expect({ ...again.json, finalBy: '2026-12-01T09:00:30.000Z' }).toEqual(first.json);
  expect(again.json).not.toHaveProperty('finalBy');
});

it.each(['', '{}', ' \r\n{ }\t', '  '])('takes %j for no body', async (body) => {
  await using api = await serveApi();
  const id = await api.open();
  expect((await api.apply(id, '7', { body })).status).toBe(202);
});

it('takes an empty body of any content type', async () => {
  await using api = await serveApi();
  const id = await api.open();
  const headers = [asUser('7'), ['Content-Type', 'text/plain']] as const;
  expect((await api.apply(id, '7', { headers, body: '' })).status).toBe(202);
});

it('refuses with 409 when the campaign is sold out', async () => {
  await using api = await serveApi();
  const id = await api.open({ limit: 1 });
  await api.apply(id, '1');
  const refused = await api.apply(id, '2');
  expect(refused.status).toBe(409);
  expect(refused.json).toMatchObject(problem('sold-out'));
  expect(refused.headers.has('retry-after')).toBe(false);
});

it('says from when on applications are taken, and waits at least a second', async () => {
  await using api = await serveApi();
  const id = await api.open({ startsAt: NOW + 90_500 });
  const early = await api.apply(id, '1');
  expect(early.status).toBe(409);
  expect(early.json).toMatchObject({ ...problem('not-started'), startsAt: '2026-12-01T09:01:30.500Z' });
  expect(early.headers.get('retry-after')).toBe('91');
  api.world.time.advance(90_499);
  expect((await api.apply(id, '1')).headers.get('retry-after')).toBe('1');
  api.world.time.advance(1);
  expect((await api.apply(id, '1')).status).toBe(202);
});

it('refuses with 409 when the campaign has ended', async () => {
  await using api = await serveApi();
  const id = await api.open({ endsAt: NOW + 1_000 });
  await api.apply(id, '1');
  api.world.time.advance(1_000);
  expect(await api.apply(id, '2')).toMatchObject({ status: 409, json: problem('ended') });
  expect((await api.apply(id, '1')).status).toBe(200);
});

it('refuses with 409 when the grant was voided', async () => {
  await using api = await serveApi();
  const id = await api.open();
  await api.apply(id, '1');
  const { users } = api.world.store.get(id);
  for (const [userId, sequence] of users) users.set(userId, -sequence);
  expect(await api.apply(id, '1')).toMatchObject({ status: 409, json: problem('voided') });
  const mine = await api.call({ path: `/campaigns/${id}/applications/me`, headers: [asUser('1')] });
  expect(mine.json).toEqual({ campaignId: id, userId: '1', sequence: 1, status: 'voided' });
});

it('answers 503 "outcome unknown" without a sequence when the acknowledgement is lost, and settles it on retry', async () => {
  await using api = await serveApi();
  const id = await api.open();
  api.world.log.suffer('acknowledgements-lost');
  const unknown = await api.apply(id, '1');
  expect(unknown).toMatchObject({ status: 503, json: problem('outcome-unknown') });
  expect(unknown.json.detail).toContain('safe to retry');
  expect(unknown.headers.get('retry-after')).toBe('1');
  expect(unknown.body).not.toContain('sequence');
  const pending = await api.call({ path: `/campaigns/${id}/applications/me`, headers: [asUser('1')] });
  expect(pending).toMatchObject({ status: 200, json: { campaignId: id, userId: '1', status: 'pending' } });
  expect(pending.json.finalBy).toBe('2026-12-01T09:00:30.000Z');
  expect(pending.body).not.toContain('sequence');
  api.world.log.suffer('none');
  expect((await api.apply(id, '1')).json.sequence).toBe(1);
});

it('answers 503 before granting anything while the event log is away', async () => {
  await using api = await serveApi();
  const id = await api.open();
  api.world.log.suffer('away');
  await api.apply(id, '1');
  const before = api.everything();
  const away = await api.apply(id, '2');
  expect(away).toMatchObject({ status: 503, json: problem('unavailable') });
  expect(away.headers.get('retry-after')).toBe('1');
  expect(api.everything()).toBe(before);
});

it.each([
  [0, '1'],
  [0.5, '2'],
  [0.999, '3'],
])('spreads the retries of an overload: chance %d, %s s', async (chance, seconds) => {
  await using api = await serveApi({ mostInFlight: 0 });
  const id = await api.open();
  api.world.time.chance = chance;
  const refused = await api.apply(id, '1');
  expect(refused).toMatchObject({ status: 503, json: problem('unavailable') });
  expect(refused.headers.get('retry-after')).toBe(seconds);
});

it('answers 503 "rebuilding", and why, while a counter is not open and complete', async () => {
  await using api = await serveApi();
  const id = await api.open();
  await api.apply(id, '1');
  api.world.store.lose(id, 'users');
  for (const refused of [
    await api.apply(id, '2'),
    await api.call({ path: `/campaigns/${id}` }),
    await api.call({ path: `/campaigns/${id}/applications/me`, headers: [asUser('2')] }),
    await api.admin('PATCH', `/admin/campaigns/${id}`, { limit: 20 }),
  ]) {
    expect(refused).toMatchObject({ status: 503, json: problem('rebuilding') });
    expect(refused.json.detail).toContain(`${id} cannot answer now: a part of its counter is gone (incomplete)`);
    expect(refused.headers.get('retry-after')).toBe('2');
  }
});

it.each([
  ['unavailable', new Unavailable('counter', 'redis://user:password@host refused')],
  ['outcome-unknown', new OutcomeUnknown('counter', 'redis://user:password@host timed out')],
] as const)('answers 503 "%s" when a store rejects so, and keeps the details to itself', async (kind, error) => {
  await using api = await serveApi();
  const id = await api.open();
  api.calls.reject('counter', error);
  const refused = await api.apply(id, '1');
  expect(refused).toMatchObject({ status: 503, json: problem(kind) });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.body).not.toContain('password');
});

it('answers 500 to a bug, logs it once with its stack, and keeps the details to itself', async () => {
  await using api = await serveApi();
  const id = await api.open();
  api.calls.reject('counter', new TypeError('secret is undefined'));
  const failed = await api.apply(id, '1');
  expect(failed).toMatchObject({ status: 500, json: problem('internal') });
  expect(failed.body).not.toContain('secret');
  expect(api.journal.at('error')).toHaveLength(1);
  expect(api.journal.at('error')[0]?.details).toMatchObject({
    method: 'POST',
    url: `/campaigns/${id}/applications`,
    error: { stack: expect.stringContaining('secret is undefined') },
  });
});

it('writes one line a second about an outage, and how many it left out', async () => {
  await using api = await serveApi();
  const id = await api.open();
  api.calls.reject('counter', new Unavailable('counter', 'connection refused'));
  for (const userId of ['1', '2', '3']) await api.apply(id, userId);
  expect(api.journal.at('warn')).toMatchObject([{ message: 'connection refused' }]);
  api.world.time.advance(1_000);
  await api.apply(id, '4');
  expect(api.journal.at('warn')).toMatchObject([{}, { details: { subject: 'counter', suppressedBefore: 2 } }]);
  expect(api.journal.at('error')).toEqual([]);
});

it('writes nothing about callers who are mistaken or refused', async () => {
  await using api = await serveApi();
  const id = await api.open({ limit: 1 });
  for (const userId of ['1', '2', 'x', '']) await api.apply(id, userId);
  await api.apply('A', '1');
  expect(api.journal.lines).toEqual([]);
});

it('tells an application through its life', async () => {
  await using api = await serveApi();
  const id = await api.open();
  const mine = () => api.call({ path: `/campaigns/${id}/applications/me`, headers: [asUser('1')] });
  expect(await mine()).toMatchObject({ status: 404, json: problem('application-not-found') });
  await api.apply(id, '1');
  expect((await mine()).json).toEqual({ campaignId: id, userId: '1', sequence: 1, status: 'accepted' });
  await api.drain();
  const issued = {
    campaignId: id,
    userId: '1',
    sequence: 1,
    status: 'issued',
    issuedAt: '2026-12-01T09:00:00.000Z',
    couponId: `${id}/1`,
  };
  expect((await mine()).json).toEqual(issued);
  for (const port of ['coupons', 'failedEvents']) api.calls.away(port, 'database');
  expect((await mine()).json).toEqual({ campaignId: id, userId: '1', sequence: 1, status: 'accepted' });
  expect((await api.call({ path: '/me/coupons', headers: [asUser('1')] })).status).toBe(503);
});

it('shows a campaign to anybody', async () => {
  await using api = await serveApi();
  const id = await api.open({ limit: 2, endsAt: NOW + 1_000 });
  await api.apply(id, '1');
  const shown = { id, name: 'A campaign', limit: 2, startsAt: null, endsAt: '2026-12-01T09:00:01.000Z' };
  const look = () => api.call({ path: `/campaigns/${id}` });
  expect((await look()).json).toEqual({ ...shown, granted: 1, remaining: 1, state: 'open' });
  await api.apply(id, '2');
  expect((await look()).json).toEqual({ ...shown, granted: 2, remaining: 0, state: 'sold-out' });
  api.world.time.advance(1_000);
  expect((await look()).json).toMatchObject({ state: 'ended' });
});

it("pages through the caller's coupons, newest first", async () => {
  await using api = await serveApi();
  const ids = [await api.open(), await api.open(), await api.open()];
  for (const id of ids) {
    await api.apply(id, '1');
    await api.apply(id, '2');
    await api.drain();
    api.world.time.advance(1_000);
  }
  const first = await api.call({ path: '/me/coupons?limit=2', headers: [asUser('2')] });
  expect(first.json.items).toHaveLength(2);
  expect(first.json.items[0]).toEqual({
    couponId: `${ids[2]}/2`,
    campaignId: ids[2],
    userId: '2',
    sequence: 2,
    issuedAt: '2026-12-01T09:00:02.000Z',
  });
  const rest = await api.call({ path: `/me/coupons?limit=2&cursor=${first.json.nextCursor}`, headers: [asUser('2')] });
  expect(rest.json).toMatchObject({ items: [{ campaignId: ids[0] }], nextCursor: null });
});

it.each([
  ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', true],
  ['00-00000000000000000000000000000000-b7ad6b7169203331-01', false],
  ['00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', false],
  ['01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', false],
  ['00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01', false],
  ['anything', false],
])('passes on a trace context of the W3C form only: %s', async (traceparent, passed) => {
  await using api = await serveApi();
  const id = await api.open();
  await api.apply(id, '1', { headers: [asUser('1'), ['traceparent', traceparent]] });
  const [event] = [0, 1, 2].flatMap((partition) => api.world.log.read(partition, 0n, 1));
  const headers = event?.raw.headers.map(([name, value]) => [name, Buffer.from(value).toString()]);
  expect(headers).toEqual(passed ? [['traceparent', traceparent]] : []);
});

it('answers HEAD like GET without a body, and OPTIONS with the methods of a path', async () => {
  await using api = await serveApi();
  const id = await api.open();
  const got = await api.call({ path: `/campaigns/${id}` });
  const head = await api.call({ method: 'HEAD', path: `/campaigns/${id}` });
  expect(head).toMatchObject({ status: 200, body: '' });
  expect(head.headers.get('content-length')).toBe(got.headers.get('content-length'));
  const options = await api.call({ method: 'OPTIONS', path: `/campaigns/${id}/applications` });
  expect(options).toMatchObject({ status: 204, body: '' });
  expect(options.headers.get('allow')).toBe('POST, OPTIONS');
});
