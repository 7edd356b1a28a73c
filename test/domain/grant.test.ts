import { expect, it } from 'vitest';
import { parseCampaignId } from '../../src/domain/campaign-id.ts';
import { couponId } from '../../src/domain/coupon.ts';
import { sameGrant } from '../../src/domain/grant.ts';
import { parseUserId } from '../../src/domain/user-id.ts';

const GRANT = { campaignId: parseCampaignId('summer'), userId: parseUserId('7'), sequence: 3, epoch: 1, grantedAt: 5 };

it('campaign, user and sequence name a grant, whatever its epoch and time', () => {
  const afterRebuild = { ...GRANT, epoch: 2, grantedAt: 9 };
  expect(sameGrant(GRANT, afterRebuild)).toBe(true);
  expect(sameGrant(GRANT, { ...GRANT, campaignId: parseCampaignId('winter') })).toBe(false);
  expect(sameGrant(GRANT, { ...GRANT, userId: parseUserId('8') })).toBe(false);
  expect(sameGrant(GRANT, { ...GRANT, sequence: 4 })).toBe(false);
});

it('a coupon is named by its campaign and sequence', () => {
  expect(couponId(GRANT)).toBe('summer/3');
});
