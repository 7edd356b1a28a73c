import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CampaignState } from './campaign-state.ts';
import { check, type Findings } from './check.ts';
import { Giveaway } from './giveaway.ts';

const evidence = mkdtempSync(join(tmpdir(), 'drill-check-'));
afterAll(() => rmSync(evidence, { recursive: true }));

const GRANTED_AT = Date.now() + 1_000;
type Change = (state: CampaignState) => CampaignState;

/** Users 1, 2 and 3 have a coupon each, of a limit of 5. */
function atRest(): CampaignState {
  const holders = () => new Map(['1', '2', '3'].map((userId) => [userId, Number(userId)]));
  return {
    limit: 5,
    ceiling: 5,
    coupons: holders(),
    held: new Map(),
    burnt: [],
    duplicates: [],
    alarms: [],
    failedEvents: new Map(),
    events: ['1', '2', '3'].map((userId) => ({
      userId,
      sequence: Number(userId),
      epoch: 1,
      grantedAt: GRANTED_AT,
    })),
    counter: { limit: 5, ceiling: 5, counter: 3, holes: 0, pending: 0, users: holders() },
  };
}

let campaigns = 0;

/** The names of the findings, of a campaign whose user 1 was told 1. */
async function found(change: Change, told: { readonly userId: string; readonly sequence: number }[] = []) {
  campaigns += 1;
  const giveaway = new Giveaway(`campaign-${campaigns}`, 1n, evidence);
  giveaway.ask({ limit: 5, startsAt: null, endsAt: GRANTED_AT + 1 });
  for (const { userId, sequence } of [{ userId: '1', sequence: 1 }, ...told]) {
    const body = { status: 'accepted', sequence };
    giveaway.witness(userId, 'http://127.0.0.1:1', performance.now(), { status: 202, body });
  }
  giveaway.history.close();
  const { findings } = await check(new Map([[giveaway.id, giveaway]]), new Map([[giveaway.id, change(atRest())]]));
  return Object.keys(findings).filter((name) => findings[name as keyof Findings].count > 0);
}

const without = (holders: ReadonlyMap<string, number>, userId: string) =>
  new Map([...holders].filter(([holder]) => holder !== userId));

describe('a campaign at rest', () => {
  it('passes where the three servers say the same', async () => {
    expect(await found((state) => state)).toEqual([]);
  });

  const broken: readonly (readonly [what: string, names: readonly string[], change: Change])[] = [
    ['a coupon that is missing', ['unkept', 'lost', 'leaked'], (s) => ({ ...s, coupons: without(s.coupons, '1') })],
    [
      'a user whom Redis does not know',
      ['disagreements'],
      (s) => ({ ...s, counter: s.counter && { ...s.counter, users: without(s.counter.users, '2') } }),
    ],
    ['a coupon without an event', ['disagreements'], (s) => ({ ...s, events: s.events.slice(1) })],
    [
      'an event that was never recorded',
      ['lost'],
      (s) => ({ ...s, events: [...s.events, { userId: '9', sequence: 4, epoch: 1, grantedAt: GRANTED_AT }] }),
    ],
    [
      'a counter ahead of the coupons',
      ['leaked'],
      (s) => ({ ...s, counter: s.counter && { ...s.counter, counter: 4 } }),
    ],
    ['a pending mark', ['leaked'], (s) => ({ ...s, counter: s.counter && { ...s.counter, pending: 1 } })],
    ['a ceiling that nothing burnt explains', ['leaked', 'disagreements'], (s) => ({ ...s, ceiling: 6 })],
    ['a campaign that Redis does not know', ['leaked'], (s) => ({ ...s, counter: null })],
    [
      'a grant after the end',
      ['outsideHours'],
      (s) => ({ ...s, events: s.events.map((event) => ({ ...event, grantedAt: GRANTED_AT + 1 })) }),
    ],
    ['a user with two coupons', ['duplicates'], (s) => ({ ...s, duplicates: ['1'] })],
    ['an alarm of the reconciliation', ['alarms'], (state) => ({ ...state, alarms: [{ count: 1, report: '{}' }] })],
    ['a failed event', ['failedEvents'], (s) => ({ ...s, failedEvents: new Map([['late-epoch', 1]]) })],
    ['a sequence above the ceiling', ['oversold', 'disagreements'], (s) => ({ ...s, coupons: s.coupons.set('3', 6) })],
  ];

  it.each(broken)('is broken by %s', async (_, names, change) => {
    expect(await found(change)).toEqual(expect.arrayContaining([...names]));
  });

  it('is broken by more coupons than the limit', async () => {
    const many = new Map(Array.from({ length: 6 }, (_, index) => [String(index + 1), index + 1]));
    expect(await found((state) => ({ ...state, coupons: many }))).toContain('oversold');
  });

  it('is broken by what users were told', async () => {
    expect(await found((state) => state, [{ userId: '2', sequence: 1 }])).toEqual(
      expect.arrayContaining(['toldTwice']),
    );
    expect(await found((state) => state, [{ userId: '1', sequence: 2 }])).toContain('contradictions');
    expect(await found((state) => state, [{ userId: '7', sequence: 7 }])).toContain('unkept');
  });
});
