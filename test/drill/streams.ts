import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind, FaultRecord } from './fault.ts';
import type { FaultPlan, PlannedFault } from './fault-plan.ts';
import type { Recovery } from './recovery.ts';

const RECOVERS_WITHIN = 30_000;
/** While a fault takes longer than this to recover from, no other is added to it. */
const QUIET_AFTER = 8_000;
const LOOKS_EVERY = 20;

interface Active {
  readonly kind: FaultKind;
  readonly number: number;
  readonly alone: boolean;
  readonly beside: Set<string>;
  /** Null: the cause is still there. */
  goneAt: number | null;
}

/** When faults are over: after so many, or after so much time, whichever comes first. */
export interface Extent {
  readonly faults: number;
  readonly until: number;
}

/**
 * Lets faults happen, one after the other in each stream. Two that touch the same thing never overlap, nor do two of one
 * kind: each is recovered from before the next.
 */
export class Streams {
  readonly records: FaultRecord[] = [];
  readonly #plan: FaultPlan;
  readonly #recovery: Recovery;
  readonly #campaignId: string;
  readonly #startedAt: number;
  readonly #log: (record: FaultRecord) => void;
  readonly #active = new Set<Active>();
  #causeWentAt = 0;
  #begun = 0;

  constructor(
    plan: FaultPlan,
    recovery: Recovery,
    campaignId: string,
    startedAt: number,
    log: (record: FaultRecord) => void,
  ) {
    this.#plan = plan;
    this.#recovery = recovery;
    this.#campaignId = campaignId;
    this.#startedAt = startedAt;
    this.#log = log;
  }

  /** Rejects, once nothing happens any more, where a fault could not be brought about or undone. */
  async run(streams: number, extent: Extent, signal: AbortSignal): Promise<void> {
    const failing = new AbortController();
    const either = AbortSignal.any([signal, failing.signal]);
    const running = Array.from({ length: streams }, () => this.#stream(extent, either));
    for (const stream of running) stream.catch(() => failing.abort());
    const failed = (await Promise.allSettled(running)).find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #stream({ faults, until }: Extent, signal: AbortSignal): Promise<void> {
    while (this.#begun < faults && performance.now() < until && !signal.aborted) {
      const next = this.#isQuiet() ? null : this.#plan.take((fault) => this.#mayBegin(fault));
      if (next === null) {
        await sleep(LOOKS_EVERY);
        continue;
      }
      await this.#happen(next);
    }
  }

  #isQuiet(): boolean {
    const now = performance.now();
    return [...this.#active].some(({ goneAt }) => goneAt !== null && now - goneAt > QUIET_AFTER);
  }

  #mayBegin({ kind, alone }: PlannedFault): boolean {
    if (alone && this.#active.size > 0) return false;
    return [...this.#active].every(
      (other) =>
        !other.alone &&
        other.kind.name !== kind.name &&
        !other.kind.touches.some((touched) => kind.touches.includes(touched)),
    );
  }

  /** Nothing can be expected while a cause is there. */
  #deadline(): number {
    const isDisturbed = [...this.#active].some(({ goneAt }) => goneAt === null);
    return isDisturbed ? Number.POSITIVE_INFINITY : this.#causeWentAt + RECOVERS_WITHIN;
  }

  async #happen({ kind, cause, alone }: PlannedFault): Promise<void> {
    this.#begun += 1;
    const fault: Active = { kind, number: this.#begun, alone, beside: new Set(), goneAt: null };
    for (const other of this.#active) {
      other.beside.add(kind.name);
      fault.beside.add(other.kind.name);
    }
    this.#active.add(fault);
    const beganAt = performance.now();
    const [load = 0] = loadavg();
    await cause.begin();
    await sleep(cause.lasts);
    await cause.end();
    const goneAt = performance.now();
    fault.goneAt = goneAt;
    this.#causeWentAt = goneAt;
    const recoveredAt = await this.#recovery.complete(cause.campaignId ?? this.#campaignId, () => this.#deadline());
    this.#active.delete(fault);
    const record: FaultRecord = {
      number: fault.number,
      kind: kind.name,
      family: kind.family,
      detail: cause.detail,
      beganAt: Math.round(beganAt - this.#startedAt),
      goneAt: Math.round(goneAt - this.#startedAt),
      recovery: recoveredAt === null ? null : Math.max(0, Math.round(recoveredAt - this.#causeWentAt)),
      load: Math.round(load * 10) / 10,
      beside: [...fault.beside].toSorted(),
    };
    this.records.push(record);
    this.#log(record);
  }
}
