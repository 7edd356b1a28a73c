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
export const batchArguments = (
  applications: readonly Application[],
  marks: readonly Grant[],
  seen: SeenCounter = NEVER_SEEN,
): Argument[] => [
  applications.length,
  seen.epoch,
  seen.counter,
  ...applications.flatMap(({ userId, hours }) => [userId, hours]),
  ...marks.flatMap(({ userId, sequence, epoch }) => [userId, sequence, epoch]),
];

/** How far the counter stands, of the same answer. */
export const batchCounter = ([epoch, , , counter]: Reply): SeenCounter => ({
  epoch: Number(epoch),
  counter: Number(counter),
});

/** Reads what the admission script answers after the word `open`, in the order of the applications. */
export function batchAdmissions(
  campaignId: CampaignId,
  applications: readonly Application[],
  reply: Reply,
): Admission[] {
  const [epoch, now, startsAt] = reply;
  return applications.map(({ userId }, index): Admission => {
    const [decided, sequence, grantedAt] = reply.slice(4 + 3 * index);
    const kind = String(decided);
    const grant = (): Grant => ({
      campaignId,
      userId,
      sequence: Number(sequence),
      epoch: Number(epoch),
      grantedAt: Number(grantedAt),
    });
    switch (kind) {
      case 'granted':
        return { kind, grant: grant() };
      case 'pending':
      case 'settled':
        return { kind: 'already-granted', grant: grant(), pending: kind === 'pending' };
      case 'not-started':
        return { kind, startsAt: timeOf(startsAt) ?? 0, now: Number(now) };
      case 'sold-out':
      case 'ended':
      case 'voided':
        return { kind };
      default:
        throw new Error(`the admission script answered ${kind}`);
    }
  });
}
