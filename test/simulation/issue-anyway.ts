import type { InMemoryRecords } from '../../src/adapters/in-memory/records.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { IssueOutcome } from '../../src/domain/ports/coupon-repository.ts';

/** What a table without its unique keys would do with a second grant of a sequence. */
export function issueAnyway(records: InMemoryRecords, grant: Grant | undefined, outcome: IssueOutcome): IssueOutcome {
  if (grant === undefined || outcome.kind !== 'failed' || outcome.reason !== 'sequence-conflict') return outcome;
  const { campaignId, userId, sequence } = grant;
  const coupon = { campaignId, userId, sequence, issuedAt: 0 };
  const shelf = records.campaign(campaignId);
  shelf.couponsBySequence.set(sequence, coupon);
  shelf.couponsByUser.set(userId, coupon);
  return { kind: 'issued' };
}
