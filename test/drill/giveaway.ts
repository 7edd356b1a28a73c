import { join } from 'node:path';
import { HistoryWriter, now } from '../../scripts/load/history.ts';
import type { Reply } from '../support/coupon-client.ts';

/** What an operator asked for; absent: not asked to change. Times are milliseconds since 1970. */
export interface Terms {
  readonly limit: number;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
}

/** Terms, and between which moments they may have been in force. */
interface AskedTerms extends Terms {
  readonly askedAt: number;
  supersededAt: number;
}

/** A campaign of the drill, with everything that anybody was told about it. */
export class Giveaway {
  readonly id: string;
  readonly firstUser: bigint;
  readonly history: HistoryWriter;
  readonly asked: AskedTerms[] = [];

  constructor(id: string, firstUser: bigint, evidence: string) {
    this.id = id;
    this.firstUser = firstUser;
    this.history = new HistoryWriter(join(evidence, `${id}.ndjson`));
  }

  get terms(): Terms {
    const last = this.asked.at(-1);
    if (last === undefined) throw new Error(`${this.id} was never opened`);
    return last;
  }

  get highestLimit(): number {
    return Math.max(...this.asked.map(({ limit }) => limit));
  }

  /** Terms that are about to be asked for; answers what to call when they are known to be in force. */
  ask(terms: Terms): () => void {
    const before = this.asked.at(-1);
    this.asked.push({ ...terms, askedAt: now(), supersededAt: Number.POSITIVE_INFINITY });
    return () => {
      if (before) before.supersededAt = now();
    };
  }

  mayGrantAt(time: number): boolean {
    return this.asked.some(
      ({ askedAt, supersededAt, startsAt, endsAt }) =>
        Math.floor(askedAt) <= time &&
        time <= supersededAt &&
        (startsAt === null || startsAt <= time) &&
        (endsAt === null || time < endsAt),
    );
  }

  /** @param sentAt of the monotonic clock */
  witness(userId: string, url: string, sentAt: number, { status, body }: Reply): void {
    const at = performance.timeOrigin + sentAt;
    const n = this.history.sent({ user: userId, attempt: 1, to: new URL(url).host, at, sentAt: at });
    const { type, status: said } = body as { readonly type?: string; readonly status?: string };
    const kind = type?.replace('/problems/', '') ?? said ?? '';
    const sequence = typeof body['sequence'] === 'number' ? body['sequence'] : null;
    this.history.answered(n, { answeredAt: now(), status, kind, sequence, error: null });
  }
}
