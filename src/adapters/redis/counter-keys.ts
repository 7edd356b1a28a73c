import { type CampaignId, isCampaignId } from '../../domain/campaign-id.ts';

/** The keys of a campaign share a hash tag, so that they share a slot of a cluster. None carries a time to live. */
export const counterKeys = (id: CampaignId): readonly [meta: string, users: string, pending: string] => [
  `coupon:{${id}}:meta`,
  `coupon:{${id}}:users`,
  `coupon:{${id}}:pending`,
];

/** Matches the meta of every campaign. */
export const META_KEYS = 'coupon:{*}:meta';

/** Null: the key is none of ours. */
export const campaignOfMetaKey = (key: string): CampaignId | null => {
  const id = /^coupon:\{(.*)\}:meta$/.exec(key)?.[1] ?? '';
  return isCampaignId(id) ? id : null;
};

/** Where a rebuild loads its holders before it puts them in place; the scripts know the pattern as well. */
export const loadingKey = (id: CampaignId, epoch: number): string => `coupon:{${id}}:users:${epoch}`;
