import { expect, it } from 'vitest';
import { arrivals } from '../../scripts/load/plan.ts';

const PLAN = {
  model: { kind: 'open', rate: 250, maxInFlight: 10 },
  requests: 1_000,
  duration: Number.POSITIVE_INFINITY,
  users: 400,
  firstUser: 9_007_199_254_740_993n,
  seed: 7,
  duplicates: 0.25,
} as const;

it('is the same for the same seed, and another for another', () => {
  expect([...arrivals(PLAN)]).toEqual([...arrivals(PLAN)]);
  const users = (seed: number) => [...arrivals({ ...PLAN, seed })].map(({ user }) => user).join();
  expect(users(8)).not.toBe(users(7));
});

it('spaces arrivals evenly in the open model', () => {
  const all = [...arrivals(PLAN)];
  expect(all).toHaveLength(1_000);
  for (const [index, { at }] of all.entries()) expect(at).toBeCloseTo(index * 4, 9);
});

it('ends when its time is over', () => {
  expect([...arrivals({ ...PLAN, duration: 100 })]).toHaveLength(25);
});

it('lets every user ask once before any of them comes again, in another order', () => {
  const users = [...arrivals(PLAN)].map(({ user }) => user);
  const rounds = [users.slice(0, 400), users.slice(400, 800)];
  const everybody = Array.from({ length: 400 }, (_, index) => String(9_007_199_254_740_993n + BigInt(index)));
  for (const round of rounds) expect(round.toSorted()).toEqual(everybody);
  expect(rounds[0]).not.toEqual(rounds[1]);
});

it('has second presses of about the share that was asked for', () => {
  const second = [...arrivals({ ...PLAN, requests: 20_000 })].filter(({ secondPress }) => secondPress !== null);
  expect(second.length / 20_000).toBeCloseTo(0.25, 1);
  expect([...arrivals({ ...PLAN, duplicates: 0 })].some(({ secondPress }) => secondPress !== null)).toBe(false);
});
