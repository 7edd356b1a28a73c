import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { parseCampaignId } from '../../../src/domain/campaign-id.ts';
import { parseUserId } from '../../../src/domain/user-id.ts';
import { anotherProcess, refuseData } from '../../support/in-memory-world.ts';
import { asUser, type ServedApi, serveApi } from './served-api.ts';

const problem = (kind: string) => ({ type: `/problems/${kind}` });
const TERMS = { name: 'Spring', limit: 3, startsAt: null, endsAt: '2027-01-01T00:00:00+09:00' };

it('opens a campaign with 201, and says 200 when asked for the same again', async () => {
  await using api = await serveApi();
  const created = await api.admin('PUT', '/admin/campaigns/spring', TERMS);
  expect(created.status).toBe(201);
  expect(created.json).toEqual({
    id: 'spring',
    name: 'Spring',
    limit: 3,
    startsAt: null,
    endsAt: '2026-12-31T15:00:00.000Z',
    state: 'open',
    granted: 0,
    pending: 0,
    inFlight: 0,
    issued: 0,
    failed: 0,
    burnt: 0,
    unaccounted: 0,
    lag: 0,
  });
  expect((await api.apply('spring', '1')).status).toBe(202);
  const { startsAt: _, ...withoutStart } = TERMS;
  expect(
    await api.admin('PUT', '/admin/campaigns/spring', { ...withoutStart, endsAt: '2026-12-31t15:00:00z' }),
  ).toMatchObject({
    status: 200,
    json: { granted: 1, inFlight: 1, lag: 1 },
  });
  expect(await api.admin('PUT', '/admin/campaigns/spring', { ...TERMS, limit: 4 })).toMatchObject({
    status: 409,
    json: problem('campaign-exists'),
  });
});

it('answers 503 to a campaign that is recorded and cannot be opened now', async () => {
  await using api = await serveApi();
  api.world.store.put(parseCampaignId('spring'), { users: new Map([[parseUserId('1'), 1]]) });
  const unopened = await api.admin('PUT', '/admin/campaigns/spring', TERMS);
  expect(unopened).toMatchObject({ status: 503, json: problem('unavailable') });
  expect(unopened.headers.get('retry-after')).toBe('1');
});

it('changes what a patch names and leaves the rest', async () => {
  await using api = await serveApi();
  await api.admin('PUT', '/admin/campaigns/spring', TERMS);
  const change = async (patch: object) => (await api.admin('PATCH', '/admin/campaigns/spring', patch)).json;
  expect(await change({ name: 'Summer' })).toMatchObject({
    ...TERMS,
    name: 'Summer',
    endsAt: '2026-12-31T15:00:00.000Z',
  });
  expect(await change({ endsAt: null })).toMatchObject({ name: 'Summer', limit: 3, endsAt: null });
  expect(await change({ startsAt: '2026-11-30T23:59:59.123456789-00:30' })).toMatchObject({
    startsAt: '2026-12-01T00:29:59.123Z',
  });
  expect(await change({ limit: 5 })).toMatchObject({ limit: 5 });
});

it('says from what a limit below the granted ones was clamped', async () => {
  await using api = await serveApi();
  await api.admin('PUT', '/admin/campaigns/spring', TERMS);
  for (const userId of ['1', '2']) await api.apply('spring', userId);
  const clamped = await api.admin('PATCH', '/admin/campaigns/spring', { limit: 1 });
  expect(clamped).toMatchObject({ status: 200, json: { limit: 2, granted: 2, clampedFrom: 1, state: 'sold-out' } });
  const raised = await api.admin('PATCH', '/admin/campaigns/spring', { limit: 3 });
  expect(raised.json).not.toHaveProperty('clampedFrom');
  expect((await api.apply('spring', '3')).status).toBe(202);
});

it('lists campaigns in pages', async () => {
  await using api = await serveApi();
  for (const id of ['c-1', 'c-2', 'c-3']) await api.admin('PUT', `/admin/campaigns/${id}`, TERMS);
  const first = (await api.admin('GET', '/admin/campaigns?limit=2')).json;
  expect(first.items).toMatchObject([{ id: 'c-1' }, { id: 'c-2' }]);
  const rest = (await api.admin('GET', `/admin/campaigns?cursor=${first.nextCursor}`)).json;
  expect(rest).toMatchObject({ items: [{ id: 'c-3', endsAt: '2026-12-31T15:00:00.000Z' }], nextCursor: null });
});

/** A grant of a campaign that the record does not know yet, and bytes from which no grant can be read. */
async function failTwice(api: ServedApi): Promise<void> {
  const { log, time } = api.world;
  log.append({
    campaignId: parseCampaignId('spring'),
    userId: parseUserId('9007199254740993'),
    sequence: 1,
    epoch: 1,
    grantedAt: time.now(),
  });
  await api.drain();
  log.appendMalformed(0, Uint8Array.of(0xff, 0), 'the value has 2 bytes instead of 8');
  await api.drain();
}

it('shows failed events with their raw content', async () => {
  await using api = await serveApi();
  await failTwice(api);
  const { items, nextCursor } = (await api.admin('GET', '/admin/failed-events')).json;
  expect(nextCursor).toBeNull();
  expect(items[0]).toMatchObject({
    id: '1',
    campaignId: 'spring',
    userId: '9007199254740993',
    sequence: 1,
    epoch: 1,
    reason: 'unknown-campaign',
    status: 'open',
    attempts: 0,
    holdsSlot: false,
    topic: 'coupon_create',
    offset: '0',
    createdAt: '2026-12-01T09:00:00.000Z',
  });
  expect(items[1]).toEqual({
    id: '2',
    campaignId: null,
    userId: null,
    sequence: null,
    epoch: null,
    reason: 'malformed',
    detail: 'the value has 2 bytes instead of 8',
    status: 'open',
    attempts: 0,
    holdsSlot: false,
    topic: 'coupon_create',
    partition: 0,
    offset: expect.stringMatching(/^[01]$/),
    createdAt: '2026-12-01T09:00:00.000Z',
    updatedAt: '2026-12-01T09:00:00.000Z',
    content: {
      key: null,
      value: '/wA=',
      headers: [],
      length: 2,
      sha256: createHash('sha256').update(Uint8Array.of(0xff, 0)).digest('hex'),
    },
  });
});

it('filters and pages failed events', async () => {
  await using api = await serveApi();
  await failTwice(api);
  const ids = async (query: string) =>
    (await api.admin('GET', `/admin/failed-events?${query}`)).json.items.map((item: { id: string }) => item.id);
  expect(await ids('campaign=spring')).toEqual(['1']);
  expect(await ids('campaign=other')).toEqual([]);
  expect(await ids('status=open')).toEqual(['1', '2']);
  expect(await ids('status=reissued')).toEqual([]);
  const { nextCursor } = (await api.admin('GET', '/admin/failed-events?limit=1')).json;
  expect(await ids(`limit=1&cursor=${nextCursor}`)).toEqual(['2']);
});

it('reissues every failed event that can become a coupon, and says which cannot', async () => {
  await using api = await serveApi();
  await failTwice(api);
  await api.admin('PUT', '/admin/campaigns/spring', TERMS);
  await api.counter.admit(parseCampaignId('spring'), parseUserId('9007199254740993'));
  const other = await api.admin('POST', '/admin/failed-events/reissue?campaign=other', {});
  expect(other).toMatchObject({ status: 200, json: { reissued: 0, remaining: 0, notReissuable: 0 } });
  const all = await api.admin('POST', '/admin/failed-events/reissue');
  expect(all).toMatchObject({ status: 200, json: { reissued: 1, remaining: 0, notReissuable: 1 } });
  const mine = await api.call({ path: '/me/coupons', headers: [asUser('9007199254740993')] });
  expect(mine.json.items).toMatchObject([{ couponId: 'spring/1', userId: '9007199254740993' }]);
});

it('reissues one failed event, and answers 409 where it cannot', async () => {
  await using api = await serveApi();
  await failTwice(api);
  await api.admin('PUT', '/admin/campaigns/spring', TERMS);
  const reissue = (id: string) => api.admin('POST', `/admin/failed-events/${id}/reissue`, {});
  expect(await reissue('1')).toMatchObject({ status: 409, json: problem('not-reissuable') });
  await api.counter.admit(parseCampaignId('spring'), parseUserId('9007199254740993'));
  expect(await reissue('1')).toMatchObject({ status: 200, json: { reissued: 1, remaining: 0, notReissuable: 0 } });
  expect(await reissue('1')).toMatchObject({ status: 409, json: problem('not-reissuable') });
  expect(await reissue('2')).toMatchObject({ status: 409, json: problem('not-reissuable') });
  expect(await reissue('3')).toMatchObject({ status: 404, json: problem('not-found') });
});

it('shows one failed event with everything that was done with it', async () => {
  await using api = await serveApi();
  await failTwice(api);
  await api.admin('PUT', '/admin/campaigns/spring', TERMS);
  await api.counter.admit(parseCampaignId('spring'), parseUserId('9007199254740993'));
  await api.admin('POST', '/admin/failed-events/1/reissue');
  const { items } = (await api.admin('GET', '/admin/failed-events')).json;
  const at = '2026-12-01T09:00:00.000Z';
  const unknown = 'unknown-campaign: campaign spring is not recorded';
  expect(await api.admin('GET', '/admin/failed-events/1')).toMatchObject({
    status: 200,
    json: {
      ...items[0],
      status: 'reissued',
      history: [
        { at, actor: 'consumer', step: 'kept', detail: unknown },
        { at, actor: 'operator', step: 'reissued', detail: 'coupon spring/1' },
      ],
    },
  });
  for (const id of ['3', '0', 'x', '1abc']) {
    expect(await api.admin('GET', `/admin/failed-events/${id}`)).toMatchObject({
      status: 404,
      json: problem('not-found'),
    });
  }
});

it('voids one failed event for a reason, says the same again, and answers 409 where it is a coupon', async () => {
  await using api = await serveApi();
  const id = await api.open({ limit: 1 });
  const accept = refuseData(api.world, id);
  expect((await api.apply(id, '9007199254740993')).status).toBe(202);
  await api.drain();
  accept();
  expect((await api.apply(id, '2')).json).toMatchObject(problem('sold-out'));
  const voidIt = (event: string) => api.admin('POST', `/admin/failed-events/${event}/void`, { reason: 'asked for' });
  const voided = { id: '1', status: 'void', campaignId: id, userId: '9007199254740993', sequence: 1, burnt: true };
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await voidIt('1');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(voided);
  }
  expect((await api.apply(id, '9007199254740993')).json).toMatchObject(problem('voided'));
  expect((await api.apply(id, '2')).status).toBe(202);
  expect((await api.apply(id, '3')).json).toMatchObject(problem('sold-out'));
  expect((await api.admin('GET', '/admin/failed-events/1')).json).toMatchObject({
    status: 'void',
    history: [{ step: 'kept' }, { actor: 'operator', step: 'voided', detail: 'asked for' }],
  });

  await failTwice(api);
  expect((await voidIt('3')).json).toMatchObject({ campaignId: null, userId: null, sequence: null, burnt: false });
  await api.admin('PUT', '/admin/campaigns/spring', TERMS);
  await api.counter.admit(parseCampaignId('spring'), parseUserId('9007199254740993'));
  expect((await api.admin('POST', '/admin/failed-events/2/reissue')).status).toBe(200);
  expect(await voidIt('2')).toMatchObject({ status: 409, json: problem('not-voidable') });
  expect(await voidIt('4')).toMatchObject({ status: 404, json: problem('not-found') });
  expect(await voidIt('1abc')).toMatchObject({ status: 404, json: problem('not-found') });
});

it('wants a reason of 1 to 200 characters for a void, and nothing else', async () => {
  await using api = await serveApi();
  await failTwice(api);
  for (const body of [
    undefined,
    {},
    { reason: '' },
    { reason: 7 },
    { reason: 'x'.repeat(201) },
    { reason: 'a', b: 1 },
  ]) {
    const refused = await api.admin('POST', '/admin/failed-events/1/void', body);
    expect(refused).toMatchObject({ status: 400, json: problem('invalid-request') });
  }
  expect((await api.admin('GET', '/admin/failed-events/1')).json).toMatchObject({ status: 'open' });
});

it('answers 409 and says so where somebody else works on the failed event', async () => {
  await using api = await serveApi();
  await failTwice(api);
  await (await anotherProcess(api.world)).failedEvents.leaseOne('1', 'somebody', 0, api.world.time.now() + 1);
  const busy = await api.admin('POST', '/admin/failed-events/1/reissue');
  expect(busy).toMatchObject({
    status: 409,
    json: { ...problem('not-reissuable'), detail: expect.stringContaining('else') },
  });
});
