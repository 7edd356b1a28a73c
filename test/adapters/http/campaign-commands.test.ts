import { expect, it } from 'vitest';
import { ARCHIVE_AFTER } from '../../../src/domain/campaign.ts';
import { parseUserId } from '../../../src/domain/user-id.ts';
import { asUser, serveApi } from './served-api.ts';

const problem = (kind: string) => ({ type: `/problems/${kind}` });

it('orders a rebuild with 202, and the campaign is back when the leader has done it', async () => {
  await using api = await serveApi();
  const id = await api.open();
  await api.apply(id, '1');
  await api.drain();
  expect(await api.admin('POST', `/admin/campaigns/${id}/rebuild`)).toMatchObject({
    status: 202,
    json: { campaignId: id, epoch: 2 },
  });
  const closed = await api.apply(id, '2');
  expect(closed).toMatchObject({ status: 503, json: problem('rebuilding') });
  expect(closed.headers.get('retry-after')).toBe('2');
  await api.keepOpen();
  expect(await api.apply(id, '1')).toMatchObject({ status: 200, json: { sequence: 1 } });
  expect(await api.apply(id, '2')).toMatchObject({ status: 202, json: { sequence: 2 } });
});

it('republishes what is recorded nowhere, and says how much', async () => {
  await using api = await serveApi();
  const id = await api.open();
  await api.apply(id, '1');
  await api.drain();
  const admission = await api.counter.admit(id, parseUserId('2'));
  if (admission.kind === 'granted') api.counter.settle(admission.grant);
  const republished = await api.admin('POST', `/admin/campaigns/${id}/republish`, {});
  expect(republished).toMatchObject({ status: 200, json: { checked: 2, marked: 1 } });
  const mine = await api.call({ path: `/campaigns/${id}/applications/me`, headers: [asUser('2')] });
  expect(mine.json).toMatchObject({ status: 'pending', finalBy: '2026-12-01T09:00:30.000Z' });
});

it.each(['rebuild', 'republish'])('refuses to %s what is not there, or was never opened', async (command) => {
  await using api = await serveApi();
  const order = (id: string) => api.admin('POST', `/admin/campaigns/${id}/${command}`);
  expect(await order('nobody-made')).toMatchObject({ status: 404, json: problem('campaign-not-found') });
  api.world.store.suffer('away');
  await api.admin('PUT', '/admin/campaigns/spring', { name: 'Spring', limit: 3 });
  api.world.store.suffer('none');
  expect(await order('spring')).toMatchObject({ status: 409, json: problem('campaign-never-opened') });
});

it('answers 503 to a rebuild where the counter is away, and to a republishing where it is not open', async () => {
  await using api = await serveApi();
  const id = await api.open();
  api.world.store.suffer('away');
  const away = await api.admin('POST', `/admin/campaigns/${id}/rebuild`);
  expect(away).toMatchObject({ status: 503, json: problem('unavailable') });
  api.world.store.suffer('none');
  api.world.store.lose(id, 'meta');
  const closed = await api.admin('POST', `/admin/campaigns/${id}/republish`);
  expect(closed).toMatchObject({ status: 503, json: problem('rebuilding') });
  expect(closed.headers.get('retry-after')).toBe('2');
});

it('answers for an archived campaign from the record, and refuses to change it', async () => {
  await using api = await serveApi();
  const endsAt = api.world.time.now() + 1_000;
  const id = await api.open({ limit: 3, endsAt });
  await api.apply(id, '1');
  await api.drain();
  api.world.time.advance(ARCHIVE_AFTER + 1_000);
  await api.archive();
  expect(api.world.store.copy().has(id)).toBe(false);

  const path = `/campaigns/${id}`;
  expect(await api.apply(id, '1')).toMatchObject({ status: 409, json: problem('ended') });
  const shown = { id, state: 'ended', limit: 3, granted: 1, remaining: 2, endsAt: new Date(endsAt).toISOString() };
  expect(await api.call({ path })).toMatchObject({ status: 200, json: shown });
  const me = (userId: string) => api.call({ path: `${path}/applications/me`, headers: [asUser(userId)] });
  expect(await me('1')).toMatchObject({ status: 200, json: { status: 'issued', sequence: 1, couponId: `${id}/1` } });
  expect(await me('2')).toMatchObject({ status: 404, json: problem('application-not-found') });
  expect(await api.admin('GET', `/admin${path}`)).toMatchObject({
    status: 200,
    json: { state: 'ended', granted: 1, issued: 1, pending: 0, inFlight: 0, unaccounted: 0 },
  });

  const archived = { status: 409, json: problem('campaign-archived') };
  const { name, limit } = (await api.admin('GET', `/admin${path}`)).json;
  const same = { name, limit, endsAt: new Date(endsAt).toISOString() };
  expect(await api.admin('PUT', `/admin${path}`, same)).toMatchObject(archived);
  expect(await api.admin('PUT', `/admin${path}`, { ...same, limit: 9 })).toMatchObject({
    status: 409,
    json: problem('campaign-exists'),
  });
  expect(await api.admin('PATCH', `/admin${path}`, { endsAt: null })).toMatchObject(archived);
  expect(await api.admin('POST', `/admin${path}/rebuild`)).toMatchObject(archived);
  expect(await api.admin('POST', `/admin${path}/republish`)).toMatchObject(archived);
});
