import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { EarlyRefusal } from '../../../src/adapters/http/early-refusal.ts';
import { eventually } from '../../support/eventually.ts';
import { asUser, serveApi } from './served-api.ts';

it('holds back so many and no more: the next one is refused at once', async () => {
  const refusal = new EarlyRefusal(() => ({ kind: 'unavailable', detail: 'Too many.', retryAfter: 1 }), 60_000, 2);
  const server = createServer((request, response) => refusal.takes(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answered: string[] = [];
  for (const path of ['first', 'second', 'third']) {
    const asked = once(server, 'request');
    fetch(`http://127.0.0.1:${port}/${path}`).then(
      ({ status }) => answered.push(`${path} ${status}`),
      () => undefined,
    );
    await asked;
  }
  await eventually(() => expect(answered).toEqual(['third 503']));
  server.closeAllConnections();
  server.close();
});

it('refuses an application of a full process before anything is asked, and counts it', async () => {
  await using api = await serveApi({ mostInFlight: 0 });
  const id = await api.open();
  const before = api.everything();
  const refused = await api.apply(id, '1');
  expect(refused).toMatchObject({ status: 503, json: { type: '/problems/unavailable', status: 503 } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await api.metric('coupon_applications_total{answer="overloaded"}')).toMatch(/ 1$/);
  // Its way through the routes is not taken.
  expect(await api.metric('http_request_duration_seconds_count{route="/campaigns/:id/applications"')).toBe(null);
  expect(api.everything()).toBe(before);
});

it('serves everything else while applications are refused', async () => {
  await using api = await serveApi({ mostInFlight: 0 });
  const id = await api.open();
  const statuses = [
    await api.call({ path: `/campaigns/${id}` }),
    await api.call({ path: `/campaigns/${id}/applications/me`, headers: [asUser('1')] }),
    await api.call({ path: '/healthz' }),
    await api.call({ path: '/readyz' }),
    await api.admin('PATCH', `/admin/campaigns/${id}`, { limit: 20 }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([200, 404, 200, 200, 200]);
});
