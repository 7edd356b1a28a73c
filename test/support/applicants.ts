import type { CouponClient, Reply } from './coupon-client.ts';
import type { Answer, Application, Load } from './load.ts';
import { randomUserId } from './random.ts';

/** New users without end. */
export function* newApplicants(campaignId: string): Generator<Application> {
  for (;;) yield { campaignId, userId: randomUserId() };
}

export const someApplicants = (campaignId: string, count: number): readonly Application[] =>
  Array.from({ length: count }, () => ({ campaignId, userId: randomUserId() }));

/** The answers that told a sequence to somebody who asked after this moment. */
export const acceptedSince = ({ answers }: Pick<Load, 'answers'>, moment = 0): readonly Answer[] =>
  answers.filter(({ sequence, sentAt }) => sequence !== null && sentAt > moment);

/**
 * Lets those who were told a sequence ask again and look it up, in turn, until it is stopped. Resolves with the answers
 * that took anything back: they may be told their sequence, or that nobody can say just now, and nothing else.
 */
export class Doubters {
  readonly #load: Load;
  readonly #clients: readonly CouponClient[];
  readonly #broken: string[] = [];
  readonly #done: Promise<void>;
  #asked = 0;
  #stopped = false;

  constructor(load: Load, clients: readonly CouponClient[]) {
    this.#load = load;
    this.#clients = clients;
    this.#done = this.#ask();
  }

  async stop(): Promise<{ readonly asked: number; readonly broken: readonly string[] }> {
    this.#stopped = true;
    await this.#done;
    return { asked: this.#asked, broken: this.#broken };
  }

  async #ask(): Promise<void> {
    for (let turn = 0; !this.#stopped; turn += 1) {
      const told = acceptedSince(this.#load);
      const client = this.#clients[turn % this.#clients.length];
      const { userId, campaignId, sequence } = told[(turn * 7) % told.length] ?? {};
      if (client === undefined || userId === undefined || campaignId === undefined) {
        await new Promise(setImmediate);
        continue;
      }
      const again = turn % 4 < 2;
      const { status, body } = await (again
        ? client.apply(campaignId, userId)
        : client.application(campaignId, userId));
      this.#asked += 1;
      if (!isKept({ status, body }, sequence ?? 0, again)) {
        this.#broken.push(`${again ? 'POST' : 'GET'} ${userId} with ${sequence}: ${status} ${JSON.stringify(body)}`);
      }
    }
  }
}

/** A look-up may say `pending` until the mark of the grant is cleared, a moment after the answer. */
const isKept = ({ status, body }: Reply, sequence: number, again: boolean): boolean =>
  status === 503 ||
  (body['sequence'] === sequence && (status === 200 || (again && status === 202))) ||
  (!again && status === 200 && body['status'] === 'pending');
