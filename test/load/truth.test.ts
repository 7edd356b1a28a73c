import { expect, it } from 'vitest';
import { truthByHttp } from '../../scripts/load/truth.ts';
import { startLiar } from './liar.ts';

const question = (url: string) => ({ urls: () => [url], campaignId: 'liar', users: ['1', '2'], limit: null });

it('asks again until every user is settled', async () => {
  const liar = await startLiar({ limit: 1, settlesAfter: 2 });
  await fetch(`${liar.url}/campaigns/liar/applications`, { method: 'POST', headers: { 'X-User-Id': '1' } });
  const { users } = await truthByHttp({ ...question(liar.url), within: 10_000 });
  expect(Object.fromEntries(users)).toEqual({
    1: { state: 'coupon', sequence: 1 },
    2: { state: 'none', sequence: null },
  });
});

it('calls unsettled what is not settled in time, and who cannot be asked', async () => {
  const liar = await startLiar({ limit: 1, settlesAfter: 1_000 });
  await fetch(`${liar.url}/campaigns/liar/applications`, { method: 'POST', headers: { 'X-User-Id': '1' } });
  const unsettled = { state: 'unsettled', sequence: null };
  const { users } = await truthByHttp({ ...question(liar.url), within: 600 });
  expect(Object.fromEntries(users)).toEqual({ 1: unsettled, 2: { state: 'none', sequence: null } });
  const nobody = await truthByHttp({ ...question('http://127.0.0.1:1'), within: 300 });
  expect(Object.fromEntries(nobody.users)).toEqual({ 1: unsettled, 2: unsettled });
});
