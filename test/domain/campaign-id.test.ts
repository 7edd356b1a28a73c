import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isCampaignId, parseCampaignId } from '../../src/domain/campaign-id.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];

it('takes 1 to 63 lower-case letters, digits and hyphens that do not begin with a hyphen', () => {
  const slug = fc
    .tuple(fc.constantFrom(...LETTERS), fc.string({ unit: fc.constantFrom('-', ...LETTERS), maxLength: 62 }))
    .map(([first, rest]) => first + rest);
  fc.assert(
    fc.property(slug, (id) => {
      expect(parseCampaignId(id)).toBe(id);
    }),
  );
});

it('refuses a slug with any other character in it', () => {
  const foreign = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => !/[a-z0-9-]/.test(one));
  fc.assert(
    fc.property(foreign, fc.constantFrom('', 'summer'), fc.constantFrom('', 'sale'), (one, before, after) => {
      expect(isCampaignId(before + one + after)).toBe(false);
    }),
  );
});

it('takes 63 characters and refuses 64', () => {
  expect(isCampaignId('a'.repeat(63))).toBe(true);
  expect(isCampaignId('a'.repeat(64))).toBe(false);
});

it.each(['', '-', '-a', 'Summer', 'a b', 'a_b', 'a/b', 'a}', '{a}', 'é', 'a\n'])('refuses %j', (text) => {
  expect(() => parseCampaignId(text)).toThrow(expect.objectContaining({ code: 'invalid-campaign-id' }));
});
