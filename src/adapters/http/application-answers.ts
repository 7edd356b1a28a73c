import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApplicationAnswer, ApplyForCoupon } from '../../application/apply-for-coupon.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import { finalBy } from '../../domain/final-by.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import type { UserId } from '../../domain/user-id.ts';
import { utcText } from '../utc-text.ts';
import { type AnswerText, jsonText, problemText, writeText } from './answer-text.ts';
import type { CountedAnswer, HttpMetrics } from './http-metrics.ts';
import type { OutageLog } from './outage-log.ts';
import type { Problem } from './problem.ts';
import { PROBLEM_KINDS } from './problem-kinds.ts';
import { campaignNotFound, rebuildingProblem } from './rebuilding.ts';
import { traceparentOf } from './traceparent.ts';

export interface ApplicationParts {
  readonly applyForCoupon: ApplyForCoupon;
  readonly scheduler: Pick<Scheduler, 'random'>;
  readonly metrics: HttpMetrics;
  readonly outages: OutageLog;
}

type Accepted = Extract<ApplicationAnswer, { kind: 'accepted' }>;
type Refusal = Exclude<ApplicationAnswer, { kind: 'accepted' }>;

const MOST_KEPT = 1_000;

/** Applies for a user, and writes what came of it: everybody of a burst gets his answer from here. */
export class ApplicationAnswers {
  readonly #parts: ApplicationParts;
  readonly #soldOut = new Map<CampaignId, AnswerText>();

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
  }

  /** Rejects, having written nothing, where a store could not be asked. */
  async write(request: IncomingMessage, response: ServerResponse, id: CampaignId, userId: UserId): Promise<void> {
    const { applyForCoupon, metrics } = this.#parts;
    let counted: CountedAnswer = 'failed';
    try {
      const answer = await applyForCoupon.execute(id, userId, traceparentOf(request));
      counted = answer.kind;
      writeText(response, this.#textOf(answer, id));
    } finally {
      metrics.countApplication(counted);
    }
  }

  #textOf(answer: ApplicationAnswer, id: CampaignId): AnswerText {
    if (answer.kind === 'accepted') return acceptedText(answer);
    if (answer.kind === 'sold-out') return this.#soldOutText(id);
    const problem = problemOf(answer, id, this.#parts.scheduler);
    if (PROBLEM_KINDS[problem.kind].status === 503) this.#parts.outages.warn(answer.kind, problem.detail);
    return problemText(problem);
  }

  /** Nearly everybody of a burst hears this: the same words for a campaign each time. */
  #soldOutText(id: CampaignId): AnswerText {
    const kept = this.#soldOut.get(id);
    if (kept !== undefined) return kept;
    const text = problemText({ kind: 'sold-out', detail: `Every coupon of campaign ${id} is taken.` });
    if (this.#soldOut.size === MOST_KEPT) this.#soldOut.clear();
    this.#soldOut.set(id, text);
    return text;
  }
}

/** Written by hand, which JSON allows here: neither an id nor a user has a character that needs escaping. */
function acceptedText({ grant, first }: Accepted): AnswerText {
  const { campaignId, userId, sequence } = grant;
  const told = `{"campaignId":"${campaignId}","userId":"${userId}","sequence":${sequence},"status":"accepted"`;
  // Told again, the counter does not know any more when that was.
  if (!first) return jsonText(200, `${told}}`);
  const body = `${told},"finalBy":"${utcText(finalBy(grant))}"}`;
  return jsonText(202, body, ['Location', `/campaigns/${campaignId}/applications/me`]);
}

function problemOf(
  answer: Exclude<Refusal, { kind: 'sold-out' }>,
  id: CampaignId,
  scheduler: Pick<Scheduler, 'random'>,
): Problem {
  const { kind } = answer;
  switch (kind) {
    case 'not-started':
      return notStarted(answer, id);
    case 'ended':
      return { kind, detail: `Campaign ${id} takes no more applications.` };
    case 'voided':
      return { kind, detail: 'The grant of this user was voided by an operator.' };
    case 'campaign-not-found':
      return campaignNotFound(id);
    case 'outcome-unknown':
      return { kind, detail: 'A coupon may have been granted. Asking again settles it: safe to retry.', retryAfter: 1 };
    case 'rebuilding':
      return rebuildingProblem(id, answer.reason);
    case 'overloaded':
      return overloaded(scheduler);
    case 'event-log-away':
      return {
        kind: 'unavailable',
        detail: 'A grant could not be made durable now. Nothing was granted.',
        retryAfter: 1,
      };
  }
}

export const overloaded = (scheduler: Pick<Scheduler, 'random'>): Problem => ({
  kind: 'unavailable',
  detail: 'Too many applications are waiting here. Nothing was granted.',
  // Spread out, so that those who were refused together do not come back together.
  retryAfter: 1 + Math.floor(scheduler.random() * 3),
});

const notStarted = (
  { kind, startsAt, now }: Extract<Refusal, { kind: 'not-started' }>,
  campaignId: CampaignId,
): Problem => ({
  kind,
  detail: `Campaign ${campaignId} takes applications from ${utcText(startsAt)} on.`,
  members: { startsAt: utcText(startsAt) },
  retryAfter: Math.max(1, Math.ceil((startsAt - now) / 1_000)),
});
