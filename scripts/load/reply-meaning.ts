import type { Answer } from './history.ts';
import { NoReply } from './http-client.ts';
import type { HttpReply } from './http-reply.ts';

export interface Asked {
  readonly campaignId: string;
  readonly user: string;
}

/** What a reply to an application says, to whoever asked. */
export function answerOf(reply: HttpReply | NoReply, asked: Asked, answeredAt: number): Answer {
  if (reply instanceof NoReply)
    return { answeredAt, status: 0, kind: reply.kind, sequence: null, error: reply.message };
  const { status } = reply;
  const said = objectIn(reply.body);
  if (said === null)
    return { answeredAt, status, kind: 'not-understood', sequence: null, error: reply.body.slice(0, 200) };
  if (status === 200 || status === 202)
    return { answeredAt, status, kind: 'accepted', sequence: sequenceIn(said, asked), error: null };
  const type = said['type'];
  const kind = typeof type === 'string' ? type.replace(/^.*\//, '') : 'not-understood';
  return { answeredAt, status, kind, sequence: null, error: null };
}

type Said = Readonly<Record<string, unknown>>;

function sequenceIn(said: Said, { campaignId, user }: Asked): number | null {
  const { sequence } = said;
  if (said['campaignId'] !== campaignId || said['userId'] !== user) return null;
  return typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence >= 1 ? sequence : null;
}

export function objectIn(text: string): Said | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Said) : null;
  } catch {
    return null;
  }
}
