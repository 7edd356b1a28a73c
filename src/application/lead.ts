import { isOutage } from '../domain/outage.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { Leadership } from '../domain/ports/leadership.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';

/** Work for one process at a time. */
export interface LeaderTask {
  readonly name: string;
  /** Milliseconds between the end of one run and the next. */
  readonly every: number;
  /** Gives up and rejects soon after the signal is aborted. */
  run(signal: AbortSignal): Promise<unknown>;
}

const CONFIRM_EVERY = 1_000;

/** Runs the background work in the one process that leads, each task at its own pace: a long rebuild holds up no other. */
export class Lead {
  readonly #leadership: Leadership;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #tasks: readonly LeaderTask[];
  #leads = false;

  constructor(leadership: Leadership, scheduler: Scheduler, journal: Journal, tasks: readonly LeaderTask[]) {
    this.#leadership = leadership;
    this.#scheduler = scheduler;
    this.#journal = journal;
    this.#tasks = tasks;
  }

  get leads(): boolean {
    return this.#leads;
  }

  /** Resolves after the signal is aborted and every task has come to its end. */
  async execute(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#confirm(signal), ...this.#tasks.map((task) => this.#repeat(task, signal))]);
    await this.#leadership.release();
  }

  async #confirm(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const leads = await this.#leadership.hold();
      if (leads !== this.#leads) this.#journal.info(leads ? 'leading' : 'no longer leading');
      this.#leads = leads;
      await this.#scheduler.sleep(CONFIRM_EVERY, signal);
    }
    this.#leads = false;
  }

  async #repeat(task: LeaderTask, signal: AbortSignal): Promise<void> {
    let complaint = '';
    while (!signal.aborted) {
      if (this.#leads) {
        const said = await this.#run(task, signal);
        if (signal.aborted) return;
        if (said !== '' && said !== complaint) this.#journal.warn('leader task failed', { task: task.name, why: said });
        if (said === '' && complaint !== '') this.#journal.info('leader task works again', { task: task.name });
        complaint = said;
      }
      await this.#scheduler.sleep(task.every, signal);
    }
  }

  /** Answers what went wrong, or an empty text. A task that fails is run again: an outage or a bug must not end the others. */
  async #run(task: LeaderTask, signal: AbortSignal): Promise<string> {
    try {
      await task.run(signal);
      return '';
    } catch (error) {
      return isOutage(error) ? error.message : String(error instanceof Error ? error.stack : error);
    }
  }
}
