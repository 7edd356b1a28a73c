import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createConsumerPages } from '../../../src/adapters/http/create-consumer-pages.ts';
import { listen } from '../../../src/adapters/http/listen.ts';
import { ReportReadiness } from '../../../src/application/report-readiness.ts';
import { Unavailable } from '../../../src/domain/outage.ts';
import { parseUserId } from '../../../src/domain/user-id.ts';
import { ManualTime } from '../../support/manual-time.ts';
import { RecordingJournal } from '../../support/recording-journal.ts';
import { asUser, serveApi } from './served-api.ts';
import { parseAnswer, requestText, send } from './wire.ts';

it('is alive whatever its dependencies are', async () => {
  await using api = await serveApi();
  api.states.redis = { status: 'unavailable' };
  expect(await api.call({ path: '/healthz' })).toMatchObject({ status: 200, json: { status: 'ok' } });
});

it('is ready, degraded or unavailable with its dependencies', async () => {
  await using api = await serveApi();
  const ready = () => api.call({ path: '/readyz' });
  expect(await ready()).toMatchObject({
    status: 200,
    json: { status: 'ready', dependencies: { redis: { status: 'ready' }, kafka: {}, mysql: {} } },
  });
  api.states.mysql = { status: 'unavailable', detail: 'connection refused' };
  expect(await ready()).toMatchObject({
    status: 200,
    json: { status: 'degraded', dependencies: { mysql: { status: 'unavailable', detail: 'connection refused' } } },
  });
  api.states.kafka = { status: 'unavailable' };
  expect(await ready()).toMatchObject({ status: 503, json: { status: 'unavailable' } });
});

it('shows the oldest pending grant, in seconds', async () => {
  await using api = await serveApi();
  const ready = async () => (await api.call({ path: '/readyz' })).json.oldestPendingGrant;
  const gauge = () => api.metric('coupon_oldest_pending_grant_seconds');
  const id = await api.open();
  expect(await ready()).toBeNull();
  expect(await gauge()).toMatch(/ 0$/);
  await api.counter.admit(id, parseUserId('1'));
  api.world.time.advance(2_500);
  expect(await ready()).toEqual({ campaignId: id, seconds: 2.5 });
  expect(await gauge()).toMatch(/ 2\.5$/);
  api.world.store.suffer('away');
  expect(await ready()).toBeNull();
  expect(await gauge()).toMatch(/ na?n$/i);
});

it('counts applications by their answer', async () => {
  await using api = await serveApi();
  const id = await api.open({ limit: 1 });
  for (const userId of ['1', '1', '2', 'x']) await api.apply(id, userId);
  api.calls.reject('counter', new Unavailable('counter', 'away'));
  await api.apply(id, '3');
  expect(await api.metric('coupon_applications_total{answer="accepted"}')).toMatch(/ 2$/);
  expect(await api.metric('coupon_applications_total{answer="sold-out"}')).toMatch(/ 1$/);
  expect(await api.metric('coupon_applications_total{answer="failed"}')).toMatch(/ 1$/);
});

it('measures requests by route and class of status, never by what somebody made up', async () => {
  await using api = await serveApi();
  const id = await api.open();
  await api.apply(id, '1');
  await api.apply(id, 'x');
  for (const path of ['/made-up', '/made-up-too']) await api.call({ path });
  const count = (route: string, status: string) =>
    api.metric(`http_request_duration_seconds_count{route="${route}",status="${status}"}`);
  expect(await count('/campaigns/:id/applications', '2xx')).toMatch(/ 1$/);
  expect(await count('/campaigns/:id/applications', '4xx')).toMatch(/ 1$/);
  expect(await count('none', '4xx')).toMatch(/ 2$/);
  expect(await api.metric('http_requests_in_flight')).toMatch(/ 1$/);
  expect(await api.metric('process_cpu_seconds_total')).not.toBeNull();
  const page = parseAnswer(await send(api.port, requestText({ path: '/metrics' })));
  expect(page.headers.get('content-type')).toContain('text/plain; version=0.0.4');
});

it('serves health, readiness and metrics of a consumer, and nothing else', async () => {
  const time = new ManualTime();
  const reportReadiness = new ReportReadiness([], [], { all: async () => new Map() });
  let member = true;
  const pages = createConsumerPages({
    isMember: () => member,
    reportReadiness,
    registry: new Registry(),
    clock: time,
    log: new RecordingJournal(),
  });
  const server = await listen(pages, { host: '127.0.0.1', port: 0 });
  const statusOf = async (path: string, method = 'GET') =>
    parseAnswer(await send(server.port, requestText({ path, method, headers: [asUser('1')] }))).status;
  expect(await Promise.all(['/healthz', '/readyz', '/metrics'].map((path) => statusOf(path)))).toEqual([200, 200, 200]);
  expect(await Promise.all(['/me/coupons', '/admin/campaigns'].map((path) => statusOf(path)))).toEqual([404, 404]);
  expect(await statusOf('/healthz', 'POST')).toBe(405);
  const metrics = async () => parseAnswer(await send(server.port, requestText({ path: '/metrics' }))).body;
  expect(await metrics()).toContain('coupon_consumer_member 1\n');
  member = false;
  expect(await metrics()).toContain('coupon_consumer_member 0\n');
  await server.close(0);
});
