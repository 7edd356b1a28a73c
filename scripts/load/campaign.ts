import { objectIn } from './reply-meaning.ts';

export interface CampaignNow {
  readonly limit: number;
  readonly remaining: number;
  readonly state: string;
}

/** What the tester needs before it can begin, and does not get. */
export class CannotRun extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'CannotRun';
  }
}

const ANSWER_WITHIN = 5_000;

/** @throws CannotRun */
export async function createCampaign(base: string, id: string, limit: number, adminToken: string): Promise<void> {
  const { status, body } = await ask(`${trimmed(base)}/admin/campaigns/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: `Load test ${id}`, limit }),
  });
  if (status !== 201 && status !== 200) throw new CannotRun(`campaign ${id} was not created: ${status} ${body}`);
}

/** @throws CannotRun */
export async function showCampaign(base: string, id: string): Promise<CampaignNow> {
  const { status, body } = await ask(`${trimmed(base)}/campaigns/${id}`);
  const said = objectIn(body);
  const { limit, remaining, state } = said ?? {};
  if (status === 200 && typeof limit === 'number' && typeof remaining === 'number' && typeof state === 'string')
    return { limit, remaining, state };
  throw new CannotRun(`campaign ${id} is not shown by ${base}: ${status} ${body.slice(0, 300)}`);
}

async function ask(url: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN) });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CannotRun(`${url} does not answer: ${cause}`);
  }
}

const trimmed = (base: string): string => base.replace(/\/$/, '');
