import type { DependencyProbe, DependencyState } from '../domain/ports/dependency-probe.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';

const ASK_EVERY = 1_000;

/** Tells the operator, in one line for each change, which dependency is in which state and why. */
export class WatchDependencies {
  readonly #probes: readonly DependencyProbe[];
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #said = new Map<string, string>();

  constructor(probes: readonly DependencyProbe[], scheduler: Scheduler, journal: Journal) {
    this.#probes = probes;
    this.#scheduler = scheduler;
    this.#journal = journal;
  }

  async execute(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await Promise.all(this.#probes.map(async (probe) => this.#say(probe.name, await probe.check())));
      await this.#scheduler.sleep(ASK_EVERY, signal);
    }
  }

  #say(name: string, { status, detail }: DependencyState): void {
    const text = `${name} is ${status}`;
    if (this.#said.get(name) === `${text}: ${detail}`) return;
    this.#said.set(name, `${text}: ${detail}`);
    const details = detail === undefined ? {} : { detail };
    if (status === 'ready') this.#journal.info(text, details);
    else this.#journal.warn(text, details);
  }
}
