import { expect, it } from 'vitest';
import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { InMemoryEventLogReader } from '../../src/adapters/in-memory/in-memory-event-log-reader.ts';
import { EventLogIndex } from '../../src/application/event-log-index.ts';
import { aGrant, inMemoryRecord, newCampaign } from '../support/permanent-record.ts';
import { randomCampaignId } from '../support/random.ts';

it('an index of the event log keeps nothing that no campaign can have granted', async () => {
  const log = new InMemoryEventLog('coupon_create', 2);
  const index = new EventLogIndex(new InMemoryEventLogReader(log));
  const campaign = await newCampaign(inMemoryRecord(), 10);
  const [good, foreign] = [aGrant(campaign.id, 10), aGrant(randomCampaignId(), 1)];
  for (const grant of [good, foreign, aGrant(campaign.id, 11), aGrant(campaign.id, 2_000_000_000)]) log.append(grant);
  await index.readTo(log.end(), [campaign], new AbortController().signal);
  const users = index.usersOf(campaign.id);
  expect([users.first(10), users.first(11), users.first(2_000_000_000)]).toEqual([BigInt(good.userId), 0n, 0n]);
  expect(index.usersOf(foreign.campaignId).first(1)).toBe(0n);
});
