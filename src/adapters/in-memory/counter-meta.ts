import type { UnknownReason } from '../../domain/admission.ts';
import type { CampaignRecord, CampaignTerms } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';
import type { CampaignCounter } from './in-memory-counter-store.ts';

/** What a counter knows of its campaign. Never changed in place: a new one is put. */
export interface CounterMeta extends CampaignTerms {
  readonly state: 'prepared' | 'open' | 'closed';
  readonly token: string;
  /** The highest epoch for which the campaign was closed. */
  readonly closed: number;
  readonly ceiling: number;
  readonly epoch: number;
  readonly version: number;
  /** The highest sequence used. */
  readonly counter: number;
  /** Sequences up to the counter that a rebuild left unused. */
  readonly holes: number;
  readonly pendingCount: number;
}

export const metaOf = (
  record: CampaignRecord,
  rest: Pick<CounterMeta, 'state' | 'token' | 'closed' | 'counter' | 'holes'>,
): CounterMeta => ({
  ...rest,
  name: record.name,
  limit: record.limit,
  ceiling: record.ceiling,
  startsAt: record.startsAt,
  endsAt: record.endsAt,
  epoch: record.epoch,
  version: record.version,
  pendingCount: 0,
});

/** Closed, with what is still known of it; where nothing is, not even the epoch is. */
export const closedMeta = (meta: CounterMeta | null, epoch: number): CounterMeta => ({
  ...(meta ?? NOTHING_KNOWN),
  state: 'closed',
  closed: epoch,
});

const NOTHING_KNOWN: Omit<CounterMeta, 'state' | 'closed'> = {
  token: '',
  name: '',
  limit: 0,
  ceiling: 0,
  startsAt: null,
  endsAt: null,
  epoch: 0,
  version: 0,
  counter: 0,
  holes: 0,
  pendingCount: 0,
};

export const isComplete = ({ meta, users, pending }: CampaignCounter): boolean =>
  meta !== null && users.size + meta.holes === meta.counter && pending.size === meta.pendingCount;

/** The meta of a campaign that is open and complete, or the reason why nothing can be said of it. */
export function openMeta(counter: CampaignCounter): CounterMeta | UnknownReason {
  const { meta } = counter;
  if (meta === null) return 'missing';
  if (meta.state !== 'open') return meta.state;
  return isComplete(counter) ? meta : 'incomplete';
}

/** The pending grants, without those whose sequence is not there or voided. */
export const pendingGrants = (
  campaignId: CampaignId,
  { meta, users, pending }: CampaignCounter & { readonly meta: CounterMeta },
): Grant[] =>
  [...pending].flatMap(([userId, grantedAt]) => {
    const sequence = users.get(userId) ?? 0;
    return sequence > 0 ? [{ campaignId, userId, sequence, epoch: meta.epoch, grantedAt }] : [];
  });
