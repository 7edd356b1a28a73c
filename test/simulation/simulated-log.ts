import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { ConsumerGroup } from '../../src/adapters/in-memory/event-log-consumer-group.ts';
import type { Grant } from '../../src/domain/grant.ts';

export const GROUP = 'coupon-issuance';
const PARTITIONS = 2;

/** A group whose members may for a while believe that each of them owns everything, as after a slow rebalance. */
class OverlappingGroup extends ConsumerGroup {
  overlaps = false;

  override owns(member: object, partition: number): boolean {
    return this.overlaps || super.owns(member, partition);
  }

  /** The log itself knows better, and accepts no commit of a former owner. */
  override commit(member: object, partition: number, offset: bigint): void {
    if (super.owns(member, partition)) super.commit(member, partition, offset);
  }
}

/** The event log of the simulation: remembers what was ever durable in it. */
export class SimulatedLog extends InMemoryEventLog {
  readonly issuers = new OverlappingGroup(PARTITIONS, () => this.wake());
  readonly appended = new Set<string>();
  wasLost = false;

  constructor() {
    super('coupon_create', PARTITIONS);
  }

  override append(grant: Grant, traceparent?: string): void {
    super.append(grant, traceparent);
    this.appended.add(nameOf(grant));
  }

  override recreate(): void {
    super.recreate();
    this.wasLost = true;
    this.issuers.loseCommits();
  }

  override group(): OverlappingGroup {
    return this.issuers;
  }
}

export const nameOf = ({ campaignId, userId, sequence }: Pick<Grant, 'campaignId' | 'userId' | 'sequence'>): string =>
  `${campaignId}/${sequence} of ${userId}`;
