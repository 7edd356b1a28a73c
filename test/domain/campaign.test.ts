import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  burntOf,
  type CampaignTerms,
  campaignState,
  checkTerms,
  LARGEST_LIMIT,
  LONGEST_NAME,
  patchTerms,
  sameTerms,
} from '../../src/domain/campaign.ts';

const TERMS: CampaignTerms = { name: 'Welcome', limit: 100, startsAt: 1_000, endsAt: 2_000 };

const terms: fc.Arbitrary<CampaignTerms> = fc
  .record({
    name: fc.constantFrom('Welcome', 'Sommer ☀️', 'x'),
    limit: fc.integer({ min: 1, max: LARGEST_LIMIT }),
    startsAt: fc.option(fc.integer()),
    endsAt: fc.option(fc.integer()),
  })
  .filter(({ startsAt, endsAt }) => startsAt === null || endsAt === null || startsAt < endsAt);

const wrongFields = (change: Partial<CampaignTerms>): readonly string[] => {
  try {
    checkTerms({ ...TERMS, ...change });
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-request' });
    return (error as { errors: readonly { field: string }[] }).errors.map(({ field }) => field);
  }
  return [];
};

describe('the state of a campaign', () => {
  it('is scheduled before the opening time, open from it on, and ended from the closing time on', () => {
    const at = (now: number): string => campaignState(TERMS, 1, now);
    expect([at(999), at(1_000), at(1_999), at(2_000)]).toEqual(['scheduled', 'open', 'open', 'ended']);
  });

  it('is sold out where nothing remains, but only within the opening hours', () => {
    const at = (now: number): string => campaignState(TERMS, 0, now);
    expect([at(999), at(1_000), at(2_000)]).toEqual(['scheduled', 'sold-out', 'ended']);
  });

  it('is open or sold out at any time where no hours are set', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (now, remaining) => {
        const state = campaignState({ startsAt: null, endsAt: null }, remaining, now);
        expect(state).toBe(remaining > 0 ? 'open' : 'sold-out');
      }),
    );
  });

  it('only goes from scheduled to open to ended as time passes', () => {
    const order = ['scheduled', 'open', 'ended'];
    fc.assert(
      fc.property(terms, fc.integer(), fc.nat(), (window, now, later) => {
        const rank = (at: number): number => order.indexOf(campaignState(window, 1, at));
        expect(rank(now + later)).toBeGreaterThanOrEqual(rank(now));
      }),
    );
  });
});

describe('checking the terms', () => {
  it('gives valid terms back as they are', () => {
    fc.assert(
      fc.property(terms, (valid) => {
        expect(checkTerms(valid)).toBe(valid);
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, LARGEST_LIMIT + 1])('refuses a limit of %d', (limit) => {
    expect(wrongFields({ limit })).toEqual(['limit']);
  });

  it.each(['', '   ', '\t\n', 'a\ud800', 'x'.repeat(LONGEST_NAME + 1)])('refuses the name %j', (name) => {
    expect(wrongFields({ name })).toEqual(['name']);
  });

  it('counts characters of a name, not halves of them', () => {
    expect(wrongFields({ name: '🎟'.repeat(LONGEST_NAME) })).toEqual([]);
  });

  it('refuses a closing time that is not later than the opening time', () => {
    expect(wrongFields({ startsAt: 5, endsAt: 5 })).toEqual(['endsAt']);
    expect(wrongFields({ startsAt: 5, endsAt: 4 })).toEqual(['endsAt']);
    expect(wrongFields({ startsAt: null, endsAt: 4 })).toEqual([]);
  });

  it('names every field that is wrong at once', () => {
    expect(wrongFields({ name: '', limit: 0, startsAt: 2, endsAt: 1 })).toEqual(['name', 'limit', 'endsAt']);
  });
});

describe('patching the terms', () => {
  it('leaves what is absent as it is, and null clears a time', () => {
    expect(patchTerms(TERMS, {})).toEqual(TERMS);
    expect(patchTerms(TERMS, { limit: 7 })).toEqual({ ...TERMS, limit: 7 });
    expect(patchTerms(TERMS, { startsAt: null, endsAt: null })).toEqual({ ...TERMS, startsAt: null, endsAt: null });
  });

  it('takes over everything that is given, and nothing changes the second time', () => {
    fc.assert(
      fc.property(terms, terms, (before, patch) => {
        const once = patchTerms(before, patch);
        expect(sameTerms(once, patch)).toBe(true);
        expect(patchTerms(once, patch)).toEqual(once);
      }),
    );
  });

  it('refuses a patch that fits by itself but not with the rest', () => {
    expect(() => patchTerms(TERMS, { startsAt: 3_000 })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });

  it('refuses an explicit limit of 0 instead of taking it for absent', () => {
    expect(() => patchTerms(TERMS, { limit: 0 })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});

it('terms are the same only if name, limit and both times are', () => {
  const others: Partial<CampaignTerms>[] = [{ name: 'x' }, { limit: 1 }, { startsAt: null }, { endsAt: null }];
  expect(sameTerms(TERMS, { ...TERMS })).toBe(true);
  for (const other of others) expect(sameTerms(TERMS, { ...TERMS, ...other })).toBe(false);
});

it('what the ceiling has above the limit is burnt', () => {
  expect(burntOf({ limit: 100, ceiling: 103 })).toBe(3);
});
