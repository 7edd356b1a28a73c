import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';
import { isUserId } from '../../domain/user-id.ts';

/** What our scripts answer: a flat list. Numbers that Lua read from a key, and did not reckon with, come as text. */
export type Reply = readonly (string | number)[];

export type Argument = string | number;

export function replyOf(answer: unknown): Reply {
  if (!Array.isArray(answer)) throw new Error(`a script answered ${String(answer)}`);
  return answer;
}

/** Reads grants that a script answers as user, sequence and time, one after the other. */
export function grantsOf(campaignId: CampaignId, epoch: number, triples: Reply): Grant[] {
  const grants: Grant[] = [];
  for (let at = 0; at < triples.length; at += 3) {
    const userId = String(triples[at]);
    const [sequence, grantedAt] = [Number(triples[at + 1]), Number(triples[at + 2])];
    if (isUserId(userId)) grants.push({ campaignId, userId, sequence, epoch, grantedAt });
  }
  return grants;
}
