import { DomainError } from './domain-error.ts';

declare const brand: unique symbol;

/** A campaign's slug: `^[a-z0-9][a-z0-9-]{0,62}$`. */
export type CampaignId = string & { readonly [brand]: 'CampaignId' };

const FORM = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const isCampaignId = (text: string): text is CampaignId => FORM.test(text);

/** @throws DomainError `invalid-campaign-id` */
export function parseCampaignId(text: string): CampaignId {
  if (!isCampaignId(text)) {
    throw new DomainError(
      'invalid-campaign-id',
      'A campaign id has 1 to 63 characters: lower-case letters a to z, digits and hyphens, and does not begin with a hyphen.',
    );
  }
  return text;
}
