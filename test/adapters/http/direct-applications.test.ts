import { expect, it } from 'vitest';
import { asUser, serveApi } from './served-api.ts';
import type { Answer } from './wire.ts';

type Api = Awaited<ReturnType<typeof serveApi>>;
const NOW = Date.UTC(2026, 11, 1, 9);

/** What a client can see of an answer, except for its date and the campaign's name. */
const seen = ({ status, headers, body }: Answer, id: string) => ({
  status,
  headers: Object.fromEntries(
    [...headers].map(([name, value]) => [name, name === 'date' ? '' : value.replace(id, 'it')]),
  ),
  body: body.replaceAll(id, 'it'),
});

/** The same application as the router gets it: an empty object is a body, and says nothing. */
const routed = { body: '{}' };

const situations: readonly (readonly [string, (api: Api) => Promise<string>])[] = [
  ['an open campaign', (api) => api.open()],
  [
    'a campaign whose coupon he has',
    async (api) => {
      const id = await api.open();
      await api.apply(id, '101');
      return id;
    },
  ],
  [
    'a campaign that is sold out',
    async (api) => {
      const id = await api.open({ limit: 1 });
      await api.apply(id, '1');
      return id;
    },
  ],
  ['a campaign that has not started', (api) => api.open({ startsAt: NOW + 90_000 })],
  [
    'a campaign that has ended',
    async (api) => {
      const id = await api.open({ endsAt: NOW + 1_000 });
      api.world.time.advance(1_000);
      return id;
    },
  ],
  ['no campaign', async () => 'nowhere'],
  [
    'a campaign that is being rebuilt',
    async (api) => {
      const id = await api.open();
      await api.apply(id, '1');
      api.world.store.lose(id, 'users');
      return id;
    },
  ],
  [
    'an event log that is away',
    async (api) => {
      const id = await api.open();
      api.world.log.suffer('away');
      await api.apply(id, '1');
      return id;
    },
  ],
  [
    'an event log whose acknowledgements are lost',
    async (api) => {
      const id = await api.open();
      api.world.log.suffer('acknowledgements-lost');
      return id;
    },
  ],
];

it.each(situations)('answers directly what the route answers: %s', async (_title, prepare) => {
  const answers = [];
  for (const more of [{}, routed]) {
    await using api = await serveApi();
    const id = await prepare(api);
    answers.push(seen(await api.apply(id, '101', more), id));
  }
  expect(answers[0]).toEqual(answers[1]);
});

it.each([
  ['nobody', []],
  ['somebody who is no user', [asUser('0')]],
  ['two users', [asUser('1'), asUser('2')]],
])('answers directly what the route answers: %s asks', async (_title, headers) => {
  await using api = await serveApi();
  const id = await api.open();
  const direct = await api.apply(id, '', { headers });
  const byRoute = await api.apply(id, '', { headers, ...routed });
  expect(direct.status).toBeGreaterThanOrEqual(400);
  expect(seen(direct, id)).toEqual(seen(byRoute, id));
});

it('counts and times both ways as one route', async () => {
  await using api = await serveApi();
  const id = await api.open();
  await api.apply(id, '101');
  await api.apply(id, '102', routed);
  expect(await api.metric('coupon_applications_total{answer="accepted"}')).toMatch(/ 2$/);
  expect(
    await api.metric('http_request_duration_seconds_count{route="/campaigns/:id/applications",status="2xx"}'),
  ).toMatch(/ 2$/);
});
