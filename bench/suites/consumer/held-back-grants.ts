import { encodeCouponEvent } from '../../../src/adapters/kafka/coupon-event.ts';
import { type CampaignId, parseCampaignId } from '../../../src/domain/campaign-id.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import type { Installation } from '../../support/installation.ts';
import type { BenchCounter } from '../counter/bench-counter.ts';
import { benchUser } from '../counter/bench-users.ts';
import { grantInBulk } from '../counter/grant-in-bulk.ts';
import type { HeldBackEvents } from './held-back-events.ts';

interface HeldBackGrants {
  readonly campaignId: CampaignId;
  readonly grants: readonly Grant[];
  /** Lets the consumers see their events. */
  readonly release: () => Promise<void>;
}

/**
 * A campaign that is open in the service, whose counter has granted all of it, and whose events are in the topic, encoded
 * as the service encodes them, to be seen when they are released.
 */
export async function heldBackGrants(
  installation: Installation,
  counter: BenchCounter,
  events: HeldBackEvents,
  count: number,
): Promise<HeldBackGrants> {
  const campaignId = parseCampaignId(await installation.newCampaign(count));
  const { epoch, now: grantedAt } = await counter.standing(campaignId);
  const grants = Array.from({ length: count }, (_, index): Grant => {
    return { campaignId, userId: benchUser(index), sequence: index + 1, epoch, grantedAt };
  });
  const release = await events.publish(grants.map((grant) => encodeCouponEvent(grant)));
  await grantInBulk(counter, campaignId, count);
  return { campaignId, grants, release };
}
