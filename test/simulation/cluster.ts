import { type Api, type Consumer, startApi, startConsumer } from './service.ts';
import type { World } from './world.ts';

const SESSION_TIMEOUT = 2_000;

/** The processes of the service: each place is taken by one life after the other. */
export class Cluster {
  readonly #world: World;
  readonly apis: Api[] = [];
  readonly consumers: Consumer[] = [];
  #lives = 0;

  constructor(world: World, apis: number, consumers: number) {
    this.#world = world;
    for (let place = 0; place < apis; place += 1) this.#startApi(place);
    for (let place = 0; place < consumers; place += 1) this.#startConsumer(place);
  }

  api(place: number): Api {
    return this.apis.at(place % this.apis.length) as Api;
  }

  consumer(place: number): Consumer {
    return this.consumers.at(place % this.consumers.length) as Consumer;
  }

  crashApi(place: number, downFor: number): void {
    const { host } = this.api(place);
    if (!host.isAlive) return;
    host.kill();
    this.#world.timeline.in(downFor, () => this.#startApi(place % this.apis.length));
  }

  crashConsumer(place: number, downFor: number): void {
    const dead = this.consumer(place);
    if (!dead.host.isAlive) return;
    dead.host.kill();
    const { timeline } = this.#world;
    timeline.in(Math.min(downFor, SESSION_TIMEOUT), () => this.#forget(dead));
    timeline.in(downFor, () => this.#startConsumer(place % this.consumers.length));
  }

  pauseApi(place: number, duration: number): void {
    const { host } = this.api(place);
    host.pause();
    this.#world.timeline.in(duration, () => host.resume());
  }

  /** Its group, and in half of the cases its database session, do not wait for it: somebody else takes over. */
  pauseConsumer(place: number, duration: number, losesSession: boolean): void {
    const paused = this.consumer(place);
    if (!paused.host.isRunning) return;
    paused.host.pause();
    const { timeline, log } = this.#world;
    const isMissed = duration > SESSION_TIMEOUT;
    if (isMissed) timeline.in(SESSION_TIMEOUT, () => log.issuers.leave(paused.consumer));
    if (losesSession) timeline.in(duration / 2, () => this.#endSession(paused));
    timeline.in(duration, () => {
      paused.host.resume();
      if (isMissed && paused.host.isAlive) log.issuers.join(paused.consumer);
    });
  }

  /** The lock goes with the session: another may lead before this one notices. */
  endLeadersSession(): void {
    this.#world.records.leader = null;
  }

  #forget(dead: Consumer): void {
    this.#world.log.issuers.leave(dead.consumer);
    this.#endSession(dead);
  }

  #endSession({ leadership }: Consumer): void {
    if (this.#world.records.leader === leadership) this.#world.records.leader = null;
  }

  #startApi(place: number): void {
    this.apis[place] = startApi(this.#world, this.#world.host(`api ${place} (${this.#lives++})`));
  }

  #startConsumer(place: number): void {
    this.consumers[place] = startConsumer(this.#world, this.#world.host(`consumer ${place} (${this.#lives++})`));
  }
}
