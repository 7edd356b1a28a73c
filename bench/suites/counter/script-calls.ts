import { batchAdmissions, batchArguments } from '../../../src/adapters/redis/admission-batch.ts';
import type { Admission } from '../../../src/domain/admission.ts';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import type { UserId } from '../../../src/domain/user-id.ts';
import type { BenchCounter } from './bench-counter.ts';

/** As many marks go with a call as the adapter would send, or as many as its applications will make. */
const MOST_MARKS = 128;

/** Calls of the admission script that take along the marks of earlier grants; all of them must be decided alike. */
export class ScriptCalls {
  decided = 0;
  readonly #counter: BenchCounter;
  readonly #id: CampaignId;
  readonly #expected: Admission['kind'];
  #marks: Grant[] = [];

  constructor(counter: BenchCounter, id: CampaignId, expected: 'granted' | 'sold-out') {
    this.#counter = counter;
    this.#id = id;
    this.#expected = expected;
  }

  async admit(users: readonly UserId[]): Promise<void> {
    const applications = users.map((userId) => ({ userId, hours: 'respected' }) as const);
    const marks = this.#marks.splice(0, Math.max(MOST_MARKS, users.length));
    const reply = await this.#counter.admit(this.#id, batchArguments(applications, marks));
    for (const admission of batchAdmissions(this.#id, applications, reply)) {
      if (admission.kind !== this.#expected) throw new Error(`${this.#id}: ${admission.kind}, not ${this.#expected}`);
      if (admission.kind === 'granted') this.#marks.push(admission.grant);
    }
    this.decided += users.length;
  }

  /** Clears the marks that are left, and looks whether the counter has what it answered. */
  async end(): Promise<void> {
    while (this.#marks.length > 0) await this.admit([]);
    if (this.#expected !== 'granted') return;
    const { counter, pending } = await this.#counter.standing(this.#id);
    if (counter < this.decided || pending !== 0) {
      throw new Error(`${this.#id}: ${this.decided} were granted; the counter says ${counter}, and ${pending} pending`);
    }
  }
}
