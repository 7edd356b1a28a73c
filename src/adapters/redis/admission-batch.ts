import { NEVER_SEEN, type SeenCounter } from '../../application/seen-counters.ts';
import type { Admission } from '../../domain/admission.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';
import type { OpeningHours } from '../../domain/ports/issuance-counter.ts';
import type { UserId } from '../../domain/user-id.ts';
import { timeOf } from './counter-meta.ts';
import type { Argument, Reply } from './reply.ts';

export interface Application {
  readonly userId: UserId;
  readonly hours: OpeningHours;
}

/** The arguments of the admission script. */
export function batchArguments(
  applications: readonly Application[],
  marks: readonly Grant[],
  seen: SeenCounter = NEVER_SEEN,
): Argument[] {
  const args: Argument[] = [applications.length, seen.epoch, seen.counter];
  for (const { userId, hours } of applications) args.push(userId, hours);
  for (const { userId, sequence, epoch } of marks) args.push(userId, sequence, epoch);
  return args;
}

/** How far the counter stands, of the same answer. */
export const batchCounter = ([epoch, , , counter]: Reply): SeenCounter => ({
  epoch: Number(epoch),
  counter: Number(counter),
});

const HEAD_LENGTH = 4;
const VALUES_EACH = 3;

/** Reads what the admission script answers after the word `open`, in the order of the applications. */
export const batchAdmissions = (
  campaignId: CampaignId,
  applications: readonly Application[],
  reply: Reply,
): Admission[] =>
  applications.map(({ userId }, index) => admissionOf(campaignId, userId, reply, HEAD_LENGTH + VALUES_EACH * index));

function admissionOf(campaignId: CampaignId, userId: UserId, reply: Reply, at: number): Admission {
  const kind = String(reply[at]);
  switch (kind) {
    case 'granted':
    case 'pending':
    case 'settled': {
      const [sequence, grantedAt] = [Number(reply[at + 1]), Number(reply[at + 2])];
      const grant = { campaignId, userId, sequence, epoch: Number(reply[0]), grantedAt };
      return kind === 'granted' ? { kind, grant } : { kind: 'already-granted', grant, pending: kind === 'pending' };
    }
    case 'not-started':
      return { kind, startsAt: timeOf(reply[2]) ?? 0, now: Number(reply[1]) };
    case 'sold-out':
    case 'ended':
    case 'voided':
      return { kind };
    default:
      throw new Error(`the admission script answered ${kind}`);
  }
}
