import { seededNumbers, shuffled } from '../../../test/support/seeded.ts';

export interface Applicant {
  readonly userId: string;
  /** How often he presses, at nearly the same moment. */
  readonly presses: number;
}

export interface CrowdPlan {
  readonly users: number;
  /** Of all of them together: those beyond the number of users are second and third presses. */
  readonly presses: number;
  readonly seed: number;
}

export const MOST_PRESSES = 3;

/** Ids longer than a double can hold, as real ones may be. */
const FIRST_USER = 4_000_000_000_000_000_000n;

/** Who applies, in which order: the same for the same plan. */
export function crowdOf({ users, presses, seed }: CrowdPlan): readonly Applicant[] {
  if (presses < users || presses > MOST_PRESSES * users) {
    throw new RangeError(`${users} users press ${users} to ${MOST_PRESSES * users} times, not ${presses}`);
  }
  const random = seededNumbers(seed);
  const times = new Uint8Array(users).fill(1);
  for (let extra = presses - users; extra > 0; ) {
    const user = Math.floor(random() * users);
    const pressed = times[user] ?? MOST_PRESSES;
    if (pressed === MOST_PRESSES) continue;
    times[user] = pressed + 1;
    extra -= 1;
  }
  const crowd = Array.from(times, (pressed, user) => ({ userId: String(FIRST_USER + BigInt(user)), presses: pressed }));
  return shuffled(crowd, seed);
}
