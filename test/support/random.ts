import { randomBytes, randomInt } from 'node:crypto';
import { type CampaignId, parseCampaignId } from '../../src/domain/campaign-id.ts';
import { parseUserId, type UserId } from '../../src/domain/user-id.ts';

/** Ids are random for each test, so that nothing is cleaned up and servers are shared. */
export const randomName = (prefix: string): string => `${prefix}-${randomBytes(6).toString('hex')}`;

export const randomCampaignId = (): CampaignId => parseCampaignId(randomName('campaign'));

export const randomUserId = (): UserId => parseUserId(String(randomInt(1, 2 ** 47)));
