import type { Instant } from './campaign.ts';
import type { Grant } from './grant.ts';

/** Within this time, in milliseconds, a grant is settled, unless something is away or closed all that time. */
export const FINAL_WITHIN = 30_000;

/** When it is settled what becomes of a grant, by the counter's clock. */
export const finalBy = ({ grantedAt }: Pick<Grant, 'grantedAt'>): Instant => grantedAt + FINAL_WITHIN;
