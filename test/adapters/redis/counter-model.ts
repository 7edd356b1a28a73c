import type { Holder } from '../../../src/domain/counter-standing.ts';
import type { UserId } from '../../../src/domain/user-id.ts';
import type { Mark, Replacement, Step } from './counter-steps.ts';

/** The name that every campaign of these tests has. */
const NAME = 'Welcome, {you} — "half" price\n';

/** Instead of every time, which two clocks would tell differently. */
export const SOME_TIME = 'some time';

interface Fields {
  state: string;
  token: string;
  name: string;
  closed: number;
  limit: number;
  ceiling: number;
  startsAt: number | null;
  endsAt: number | null;
  epoch: number;
  version: number;
  counter: number;
  holes: number;
  pendingCount: number;
}

type Reply = unknown;
type Open = Fields & { readonly users: Map<UserId, number>; readonly pending: Set<UserId> };

const FIELDS = 13;

const unknown = (reason: string): Reply => ({ kind: 'unknown', reason });

/** What the counter of one campaign promises, in the plainest words. */
export class CounterModel {
  meta: Partial<Fields> = {};
  users = new Map<UserId, number>();
  /** In the order in which they became pending. */
  pending = new Set<UserId>();
  served = true;
  /** A rebuild may find more holders than the ceiling that it is given allows. */
  #rebuiltUpTo = 0;
  /** How far the one process that applies has seen the counter. */
  #seen = { epoch: 0, counter: 0 };
  readonly #campaignId: string;

  constructor(campaignId: string) {
    this.#campaignId = campaignId;
  }

  /** Everything that Redis holds of it, as it holds it. */
  keys(): { readonly meta: object; readonly users: object; readonly pending: readonly string[] } {
    const text = ([name, value]: [string, string | number | null]) => [name, String(value ?? '')];
    return {
      meta: Object.fromEntries(Object.entries(this.meta).map(text)),
      users: Object.fromEntries([...this.users].map(text)),
      pending: [...this.pending].toSorted(),
    };
  }

  /** What must hold whatever was done: a whole counter adds up, and no two users have one sequence. */
  complaints(): readonly string[] {
    const { counter = 0, ceiling = 0 } = this.meta;
    const whole = this.#meta();
    if (typeof whole === 'string' || whole.state !== 'open') return [];
    const sequences = [...this.users.values()].map(Math.abs);
    return [
      ...(new Set(sequences).size === sequences.length ? [] : ['two users have one sequence']),
      ...(Math.max(0, ...sequences) <= counter ? [] : ['a sequence lies above the counter']),
      ...(counter <= Math.max(ceiling, this.#rebuiltUpTo) ? [] : ['more was granted than the ceiling allows']),
      ...([...this.pending].every((user) => this.users.has(user)) ? [] : ['somebody is pending without a sequence']),
    ];
  }

  /** An application would find the counter set back to before what its process has seen. */
  isBehind(): boolean {
    const open = this.served ? this.#open() : 'fenced';
    if (typeof open === 'string') return false;
    const { epoch, counter } = this.#seen;
    return open.epoch < epoch || (open.epoch === epoch && open.counter < counter);
  }

  take(step: Step): Reply {
    switch (step.kind) {
      case 'fence':
        this.served = false;
        return null;
      case 'serve':
        this.served = true;
        return null;
      case 'lose':
        if (step.part === 'meta') this.meta = {};
        if (step.part === 'users') this.users = new Map();
        if (step.part === 'pending') this.pending = new Set();
        return null;
      case 'close':
        return this.#close(step.epoch);
      case 'replace':
        return this.#replace(step);
      case 'survivors':
        return this.meta.state === 'closed' ? this.#grants(this.meta.epoch ?? 0) : [];
      case 'confirms':
        if (this.meta.epoch === step.mark.epoch && this.users.get(step.mark.user) === step.mark.sequence)
          return 'granted';
        return this.#whileOpen(
          () => 'not-granted',
          () => 'unknown',
        );
      case 'prepare':
      case 'open':
      case 'retire':
        return this.served ? this.#keep(step) : 'Unavailable';
      case 'stale':
        return this.#whileOpen(
          (open) => this.#grants(open.epoch).slice(0, step.most),
          () => [],
        );
      case 'clear':
        return this.#whileOpen(
          (open) => {
            for (const mark of step.marks) this.#clear(open, mark);
          },
          () => null,
        );
      case 'admit':
        if (this.isBehind()) this.meta.state = 'closed';
        return this.#whileOpen(
          (open) => this.#answer(step, open),
          (reason) => step.batch.map(() => unknown(reason)),
        );
      case 'standing':
        if (this.isBehind()) return unknown('incomplete');
        return this.#whileOpen((open) => {
          this.#see(open.epoch);
          return this.#answer(step, open);
        });
      case 'find':
      case 'sample':
      case 'mark':
      case 'void':
      case 'change':
        return this.#whileOpen((open) => this.#answer(step, open));
    }
  }

  #answer(
    step: Extract<Step, { kind: 'admit' | 'find' | 'standing' | 'sample' | 'mark' | 'void' | 'change' }>,
    open: Open,
  ) {
    switch (step.kind) {
      case 'admit':
        for (const mark of step.marks) this.#clear(open, mark);
        return this.#admitAll(open, step.batch);
      case 'find':
        return this.#find(open, step.user);
      case 'standing':
        return {
          kind: 'open',
          name: open.name,
          limit: open.limit,
          startsAt: open.startsAt,
          endsAt: open.endsAt,
          ceiling: open.ceiling,
          counter: open.counter,
          epoch: open.epoch,
          version: open.version,
          pending: open.pending.size,
          now: SOME_TIME,
          oldestPending: open.pending.size > 0 ? SOME_TIME : null,
        };
      case 'sample':
        return {
          epoch: open.epoch,
          counter: open.counter,
          pending: this.#grants(open.epoch).map(({ sequence }) => sequence),
        };
      case 'mark':
        return this.#mark(open, step.epoch, step.holders);
      case 'void':
        return this.#void(open, step.user, step.sequence);
      case 'change': {
        if (step.version <= open.version) return { kind: 'outdated' };
        const limit = Math.max(step.limit, open.counter - step.burnt);
        const { startsAt, endsAt, version } = step;
        Object.assign(this.meta, { limit, ceiling: limit + step.burnt, startsAt, endsAt, version });
        return { kind: 'changed', limit, ceiling: limit + step.burnt };
      }
    }
  }

  #admitAll(open: Open, batch: Extract<Step, { kind: 'admit' }>['batch']): Reply {
    const admissions = batch.map(([user, hours]) => this.#admit(open, user, hours === 'respected'));
    this.#see(open.epoch);
    return admissions;
  }

  #see(epoch: number): void {
    this.#seen = { epoch, counter: this.meta.counter ?? 0 };
  }

  #admit(open: Open, userId: UserId, hoursCount: boolean): Reply {
    const campaignId = this.#campaignId;
    const held = open.users.get(userId);
    const grant = (sequence: number) => ({ campaignId, userId, sequence, epoch: open.epoch, grantedAt: SOME_TIME });
    if (held !== undefined && held < 0) return { kind: 'voided' };
    if (held !== undefined) {
      return { kind: 'already-granted', grant: grant(held), pending: open.pending.has(userId) };
    }
    const now = Date.now();
    if (hoursCount && open.endsAt !== null && now >= open.endsAt) return { kind: 'ended' };
    if (hoursCount && open.startsAt !== null && now < open.startsAt) {
      return { kind: 'not-started', startsAt: open.startsAt, now: SOME_TIME };
    }
    const next = (this.meta.counter ?? 0) + 1;
    if (next > open.ceiling) return { kind: 'sold-out' };
    open.users.set(userId, next);
    open.pending.add(userId);
    this.meta.counter = next;
    this.#countPending();
    return { kind: 'granted', grant: grant(next) };
  }

  #find(open: Open, userId: UserId): Reply {
    const sequence = open.users.get(userId);
    if (sequence === undefined) return { kind: 'none' };
    if (sequence < 0) return { kind: 'voided', sequence: -sequence };
    const { epoch } = open;
    if (!open.pending.has(userId)) return { kind: 'granted', sequence, epoch };
    return { kind: 'pending', grant: { campaignId: this.#campaignId, userId, sequence, epoch, grantedAt: SOME_TIME } };
  }

  #clear(open: Open, { user, sequence, epoch }: Mark): void {
    if (epoch === open.epoch && open.users.get(user) === sequence) open.pending.delete(user);
    this.#countPending();
  }

  #mark(open: Open, epoch: number, holders: readonly Holder[]): Reply {
    if (epoch !== open.epoch) return { kind: 'overtaken' };
    const before = open.pending.size;
    for (const { userId, sequence, voided } of holders) {
      if (!voided && open.users.get(userId) === sequence) open.pending.add(userId);
    }
    this.#countPending();
    return { kind: 'marked', marked: open.pending.size - before };
  }

  #void(open: Open, user: UserId, sequence: number): Reply {
    const held = open.users.get(user);
    if (held !== sequence) return { kind: held === -sequence ? 'voided' : 'not-held' };
    open.users.set(user, -sequence);
    open.pending.delete(user);
    this.#countPending();
    return { kind: 'voided' };
  }

  #keep(step: Extract<Step, { kind: 'prepare' | 'open' | 'retire' }>): Reply {
    if (step.kind === 'retire') {
      const open = this.#open();
      if (typeof open !== 'string' && (open.pending.size > 0 || open.version > step.version)) return 'busy';
      Object.assign(this, { meta: {}, users: new Map(), pending: new Set() });
      return 'retired';
    }
    if (step.kind === 'prepare' && Object.keys(this.meta).length + this.users.size + this.pending.size === 0) {
      const { limit, startsAt, endsAt, token } = step;
      this.meta = { state: 'prepared', token, name: NAME, closed: 0, limit, ceiling: limit, startsAt, endsAt };
      Object.assign(this.meta, { epoch: 1, version: 1, counter: 0, holes: 0, pendingCount: 0 });
    }
    const meta = this.#meta();
    if (step.kind === 'prepare') {
      if (typeof meta === 'string' || meta.state !== 'prepared') return { kind: 'conflict' };
      return { kind: 'prepared', token: meta.token };
    }
    if (typeof meta === 'string' || meta.token !== step.token) return false;
    this.meta.state = 'open';
    return true;
  }

  #close(epoch: number): boolean {
    const { state, closed = 0 } = this.meta;
    if (epoch < closed || (epoch === closed && state !== 'closed')) return false;
    this.meta = { ...this.meta, state: 'closed', closed: epoch };
    return true;
  }

  #replace({ epoch, version, limit, burnt, highest, holders }: Replacement): boolean {
    if (this.meta.state !== 'closed' || this.meta.closed !== epoch) return false;
    const ceiling = limit + burnt;
    this.meta = {
      state: 'open',
      token: 'rebuilt',
      name: NAME,
      closed: epoch,
      limit,
      ceiling,
      startsAt: null,
      endsAt: null,
    };
    const holes = highest - holders.length;
    Object.assign(this.meta, { epoch, version, counter: highest, holes, pendingCount: 0 });
    this.users = new Map(holders.map(({ userId, sequence, voided }) => [userId, voided ? -sequence : sequence]));
    this.pending = new Set();
    this.#rebuiltUpTo = highest;
    return true;
  }

  #countPending(): void {
    this.meta.pendingCount = this.pending.size;
  }

  #grants(epoch: number) {
    const campaignId = this.#campaignId;
    if (epoch < 1) return [];
    return [...this.pending].flatMap((userId) => {
      const sequence = this.users.get(userId) ?? 0;
      return sequence > 0 ? [{ campaignId, userId, sequence, epoch, grantedAt: SOME_TIME }] : [];
    });
  }

  #whileOpen(work: (open: Open) => Reply, otherwise = unknown): Reply {
    const open = this.served ? this.#open() : 'fenced';
    return typeof open === 'string' ? otherwise(open) : work(open);
  }

  #open(): Open | string {
    const meta = this.#meta();
    if (typeof meta === 'string') return meta;
    return meta.state === 'open' ? { ...meta, users: this.users, pending: this.pending } : meta.state;
  }

  /** Or why nothing can be said. */
  #meta(): Fields | string {
    const { meta } = this;
    if (Object.keys(meta).length === 0) return 'missing';
    if (meta.state === 'closed') return 'closed';
    if (Object.keys(meta).length < FIELDS) return 'incomplete';
    const { counter = 0, holes = 0, pendingCount = 0 } = meta;
    const addsUp = this.users.size + holes === counter && this.pending.size === pendingCount;
    return addsUp ? (meta as Fields) : 'incomplete';
  }
}
