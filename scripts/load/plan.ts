import { seededNumbers } from './seeded-numbers.ts';

export type ArrivalModel =
  /** `rate` applications a second, whatever the answers do; beyond `maxInFlight` they are not sent, and counted. */
  | { readonly kind: 'open'; readonly rate: number; readonly maxInFlight: number }
  /** So many users at a time, each waiting for his answer. */
  | { readonly kind: 'closed'; readonly connections: number };

export interface LoadPlan {
  readonly campaignId: string;
  /** Asked before every request, so that processes may come and go; they are taken in turn. */
  readonly urls: () => readonly string[];
  readonly model: ArrivalModel;
  /** Applications; second presses and retries come on top. */
  readonly requests: number;
  /** Milliseconds after which nothing new is sent. */
  readonly duration: number;
  /** How many users there are; when each of them has asked they come again, in another order. */
  readonly users: number;
  /** The first user's id; the others follow it. */
  readonly firstUser: bigint;
  readonly seed: number;
  /** The share of applications, 0 to 1, with a second press at about the same moment. */
  readonly duplicates: number;
  /** How often one press is sent again after a 503, a timeout or a broken connection. */
  readonly retries: number;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface Arrival {
  /** Milliseconds after the start; 0 for all in the closed model. */
  readonly at: number;
  readonly user: string;
  /** Milliseconds after the first press at which the second follows; null: there is none. */
  readonly secondPress: number | null;
}

const SECOND_PRESS_WITHIN = 30;

type ArrivalPlan = Pick<LoadPlan, 'model' | 'requests' | 'duration' | 'users' | 'firstUser' | 'seed' | 'duplicates'>;

/** Who asks when: a pure function of the plan. */
export function* arrivals(plan: ArrivalPlan): Generator<Arrival, void> {
  const interval = plan.model.kind === 'open' ? 1_000 / plan.model.rate : 0;
  const random = seededNumbers(plan.seed);
  const order = Uint32Array.from({ length: plan.users }, (_, index) => index);
  for (let index = 0; index < plan.requests; index += 1) {
    const at = index * interval;
    if (at >= plan.duration) return;
    const turn = index % plan.users;
    // A shuffle that goes on as far as it is needed.
    const other = turn + Math.floor(random() * (plan.users - turn));
    const user = order[other] ?? 0;
    order[other] = order[turn] ?? 0;
    order[turn] = user;
    const twice = random() < plan.duplicates;
    yield {
      at,
      user: String(plan.firstUser + BigInt(user)),
      secondPress: twice ? random() * SECOND_PRESS_WITHIN : null,
    };
  }
}
