import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { Voids } from '../domain/ports/voids.ts';

/**
 * Tells the counter of voids that a crash or an outage left half-way. The higher ceiling that lets one more applicant
 * in is the newer version of the campaign's terms, and gets there as every other.
 */
export class FinishVoids {
  readonly #voids: Voids;
  readonly #counters: CounterKeeper;
  readonly #clock: Clock;

  constructor(voids: Voids, counters: CounterKeeper, clock: Clock) {
    this.#voids = voids;
    this.#counters = counters;
    this.#clock = clock;
  }

  /** Answers how many voids the counter knows of now; a campaign that is not open is left for a later round. */
  async execute(): Promise<number> {
    let told = 0;
    for (const grant of await this.#voids.untold(null)) {
      const { kind } = await this.#counters.voidUser(grant.campaignId, grant.userId, grant.sequence);
      if (kind === 'unknown') continue;
      await this.#voids.markTold(grant, this.#clock.now());
      told += 1;
    }
    return told;
  }
}
