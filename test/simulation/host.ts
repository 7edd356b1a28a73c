import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Scheduler } from '../../src/domain/ports/scheduler.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

/** The time of day of a machine, which may be corrected while it runs. */
export class WallClock {
  readonly #timeline: Timeline;
  correction = 0;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  now(): number {
    return START + Math.floor(this.#timeline.now) + this.correction;
  }

  monotonic(): number {
    return this.#timeline.now;
  }
}

export const START = Date.UTC(2026, 11, 1, 9);

/** A quartz that is wrong by more than this is broken; a real one is a hundred times better. */
const LARGEST_DRIFT = 0.01;

/**
 * One life of one process: what reaches it waits while it is paused, and is lost once it is dead. Its monotonic clock
 * goes on while it is paused, begins anywhere, and is a little fast or slow.
 */
export class Host implements Clock, Scheduler {
  readonly name: string;
  readonly random: () => number;
  readonly #timeline: Timeline;
  readonly #wall: WallClock;
  readonly #rate: number;
  readonly #began: number;
  #state: 'running' | 'paused' | 'dead' = 'running';
  #backlog: (() => void)[] = [];
  #tokens = 0;

  constructor(name: string, timeline: Timeline, wall: WallClock, random: Random) {
    this.name = name;
    this.#timeline = timeline;
    this.#wall = wall;
    this.random = random.next;
    this.#rate = random.between(1 - LARGEST_DRIFT, 1 + LARGEST_DRIFT);
    this.#began = random.between(0, 1e6);
  }

  get isAlive(): boolean {
    return this.#state !== 'dead';
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  now(): number {
    return this.#wall.now();
  }

  correct(milliseconds: number): void {
    this.#wall.correction = milliseconds;
  }

  monotonic(): number {
    return this.#began + this.#timeline.now * this.#rate;
  }

  /** A sleeper who is told to stop wakes in his own time: the simulation ends processes by killing them. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.isAlive) this.deliver(this.timerAt(milliseconds), resolve);
    });
  }

  token(): string {
    this.#tokens += 1;
    return `${this.name}-${this.#began}-${this.#tokens}`;
  }

  /** When a timer of this machine, started now, runs out. */
  timerAt(milliseconds: number): number {
    return this.#timeline.now + milliseconds / this.#rate;
  }

  deliver(at: number, run: () => void): void {
    this.#timeline.at(at, () => {
      if (this.#state === 'running') run();
      else if (this.#state === 'paused') this.#backlog.push(run);
    });
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const waited = this.#backlog;
    this.#backlog = [];
    for (const run of waited) this.deliver(this.#timeline.now, run);
  }

  kill(): void {
    this.#state = 'dead';
    this.#backlog = [];
  }
}
