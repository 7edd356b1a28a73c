import { expect, it } from 'vitest';
import { MOST_GAPS, refuseTooManyGaps } from '../../src/domain/snapshot-gaps.ts';
import { randomCampaignId } from '../support/random.ts';

it('refuses one gap more than the most, and says which campaign, how many, and what to do', () => {
  const id = randomCampaignId();
  refuseTooManyGaps(id, MOST_GAPS);
  const told = new RegExp(`campaign ${id} .*1000001 sequences.*Find the forged coupon.*keep the topic closed`);
  expect(() => refuseTooManyGaps(id, MOST_GAPS + 1)).toThrow(told);
});
