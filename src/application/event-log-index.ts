import type { CampaignRecord, Instant } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { Grant } from '../domain/grant.ts';
import type { LogPosition } from '../domain/ports/event-log-progress.ts';
import type { EventLogReader, LogReading } from '../domain/ports/event-log-reader.ts';
import { UsersBySequence } from '../domain/users-by-sequence.ts';

/**
 * Which user of which campaign has an event of which sequence. The log never changes what it holds, so that it is read
 * once: each reading goes on where the last one ended.
 */
export class EventLogIndex {
  readonly #reader: EventLogReader;
  #reading: LogReading = new Map();
  #users = new Map<CampaignId, UsersBySequence>();
  /** The lowest sequence of a campaign that was not kept, because it lay above the ceiling. */
  #passedOver = new Map<CampaignId, number>();
  #logs = 1;

  constructor(reader: EventLogReader) {
    this.#reader = reader;
  }

  /** Another number: the log was deleted and created again since. */
  get log(): number {
    return this.#logs;
  }

  /** By which another process recognises this log: the oldest record of each partition. */
  get firsts(): Readonly<Record<string, string>> {
    const marks = [...this.#reading].flatMap(([partition, { first }]) =>
      first === null ? [] : [[String(partition), `${first.offset}@${first.appendedAt}`] as const],
    );
    return Object.fromEntries(marks);
  }

  /** The log may have lost what was appended up to then; null: it has lost nothing. */
  get lostUntil(): Instant | null {
    const cut = [...this.#reading.values()].filter(({ first }) => first !== null && first.offset > 0n);
    return cut.length === 0 ? null : Math.max(...cut.map(({ first }) => first?.appendedAt ?? 0));
  }

  usersOf(id: CampaignId): UsersBySequence {
    return this.#users.get(id) ?? new UsersBySequence();
  }

  /**
   * @param campaigns read after the end was: what lies before it is theirs, and within their ceilings. What others claim
   *   is not kept: anybody who can write to the log could claim any sequence of any campaign. Where a ceiling turns out
   *   to have been too low, the log is read again from its beginning.
   */
  async readTo(end: LogPosition, campaigns: readonly CampaignRecord[], signal: AbortSignal): Promise<void> {
    const ceilings = new Map(campaigns.map(({ id, ceiling }) => [id, ceiling]));
    for (const id of this.#users.keys()) if (!ceilings.has(id)) this.#users.delete(id);
    const isTooLow = ([id, sequence]: readonly [CampaignId, number]) => sequence <= (ceilings.get(id) ?? 0);
    if ([...this.#passedOver].some(isTooLow)) this.#forget();
    const take = (grants: readonly Grant[]) => {
      for (const grant of grants) this.#add(grant, ceilings.get(grant.campaignId));
    };
    let outcome = await this.#reader.read(this.#reading, end, take, signal);
    if (outcome.kind === 'another-log') {
      this.#logs += 1;
      this.#forget();
      outcome = await this.#reader.read(this.#reading, end, take, signal);
    }
    // An end that the log does not reach any more is that of the log before: the next round asks anew.
    if (outcome.kind === 'read') this.#reading = outcome.reading;
  }

  #add({ campaignId, userId, sequence }: Grant, ceiling: number | undefined): void {
    if (ceiling === undefined) return;
    if (sequence > ceiling) {
      this.#passedOver.set(campaignId, Math.min(sequence, this.#passedOver.get(campaignId) ?? sequence));
      return;
    }
    const users = this.#users.get(campaignId) ?? new UsersBySequence();
    this.#users.set(campaignId, users);
    users.add(sequence, BigInt(userId));
  }

  #forget(): void {
    this.#reading = new Map();
    this.#users = new Map();
    this.#passedOver = new Map();
  }
}
