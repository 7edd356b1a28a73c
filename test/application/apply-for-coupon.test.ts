import { describe, expect, it } from 'vitest';
import { OutcomeUnknown } from '../../src/domain/outage.ts';
import { HAND_OVER_DEADLINE, PUBLISH_DEADLINE } from '../../src/domain/publish-deadline.ts';
import { anOpenCampaign, anotherProcess, applyAll, aWorld, someUsers } from '../support/in-memory-world.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

describe('a race for coupons', () => {
  it('grants exactly the limit when many users race in several processes, each asking twice', async () => {
    const { world, process } = await aWorld();
    const other = await anotherProcess(world);
    const id = await anOpenCampaign(process, 50);
    const users = someUsers(300);
    const asked = await Promise.all([process, other, other, process].map((each) => applyAll(each, id, users)));

    const winners = new Map(asked.flatMap((accepted) => [...accepted]));
    expect([...winners.values()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    for (const accepted of asked) expect(accepted).toEqual(winners);
    await world.drain(process);
    expect(world.coupons(id)).toEqual([...winners].toSorted((a, b) => a[1] - b[1]));
  });

  it('whoever is answered first has the lower sequence', async () => {
    const { process } = await aWorld();
    const id = await anOpenCampaign(process, 20);
    for (const [index, user] of someUsers(20).entries()) {
      const answer = await process.applyForCoupon.execute(id, user);
      expect(answer).toMatchObject({ kind: 'accepted', grant: { sequence: index + 1 } });
    }
  });

  it('refuses a user who comes too late as sold out, and does not keep him', async () => {
    const { process } = await aWorld();
    const id = await anOpenCampaign(process, 1);
    const [winner, loser] = [randomUserId(), randomUserId()];
    await process.applyForCoupon.execute(id, winner);
    expect(await process.applyForCoupon.execute(id, loser)).toEqual({ kind: 'sold-out' });
    await process.changeCampaign.execute(id, { limit: 2 });
    expect(await process.applyForCoupon.execute(id, loser)).toMatchObject({ kind: 'accepted', first: true });
  });

  it('tells a scheduled campaign from one that ended', async () => {
    const { world, process } = await aWorld();
    const startsAt = world.time.now() + 1_000;
    const id = await anOpenCampaign(process, 1, { startsAt, endsAt: startsAt + 1_000 });
    const user = randomUserId();
    const early = await process.applyForCoupon.execute(id, user);
    expect(early).toEqual({ kind: 'not-started', startsAt, now: world.time.now() });
    world.time.advance(2_000);
    expect(await process.applyForCoupon.execute(id, user)).toEqual({ kind: 'ended' });
  });
});

it('passes the trace of the request on with the event', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 1);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await process.applyForCoupon.execute(id, randomUserId(), traceparent);
  const [event] = [0, 1, 2].flatMap((partition) => world.log.read(partition, 0n, 1));
  expect(event?.raw.headers).toEqual([['traceparent', new TextEncoder().encode(traceparent)]]);
});

describe('asking again', () => {
  it('gives the same sequence, and says that it was told before', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    const first = await process.applyForCoupon.execute(id, user);
    await world.rest();
    const again = await process.applyForCoupon.execute(id, user);
    expect(first).toMatchObject({ kind: 'accepted', first: true, grant: { sequence: 1 } });
    expect(again).toMatchObject({ kind: 'accepted', first: false, grant: { sequence: 1 } });
    expect(world.published).toBe(1);
  });

  it('while the first publish is in flight joins it: one event, and no answer before it is durable', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    const publish = process.calls.stopAfter('publisher.publish');
    const presses = [process.applyForCoupon.execute(id, user), process.applyForCoupon.execute(id, user)];
    let answered = false;
    for (const press of presses) void press.then(() => (answered = true));
    await publish.reached;
    await world.rest();
    expect(answered).toBe(false);

    publish.goOn();
    for (const press of presses) expect(await press).toMatchObject({ kind: 'accepted', grant: { sequence: 1 } });
    expect(world.published).toBe(1);
  });

  it('in another process publishes the same event once more instead of trusting that somebody else did', async () => {
    const { world, process } = await aWorld();
    const other = await anotherProcess(world);
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    const publish = process.calls.stopBefore('publisher.publish');
    const first = process.applyForCoupon.execute(id, user);
    await publish.reached;

    expect(await other.applyForCoupon.execute(id, user)).toMatchObject({ kind: 'accepted', grant: { sequence: 1 } });
    expect(world.published).toBe(1);
    publish.goOn();
    expect(await first).toMatchObject({ kind: 'accepted', grant: { sequence: 1 } });
    await world.drain(process);
    expect(world.coupons(id)).toEqual([[user, 1]]);
  });

  it('with the grant of a newer epoch does not join the publish of the older one', async () => {
    const { world, process } = await aWorld();
    const leader = await anotherProcess(world);
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    const publish = process.calls.stopBefore('publisher.publish');
    const first = process.applyForCoupon.execute(id, user);
    await publish.reached;
    world.store.wipe();
    await world.finish(leader.keepOpen());

    const again = await process.applyForCoupon.execute(id, user);
    expect(again).toMatchObject({ kind: 'accepted', grant: { sequence: 1, epoch: 2 } });
    publish.goOn();
    expect(await first).toEqual({ kind: 'outcome-unknown' });
  });

  it('joins the publish of the newer epoch also after that of the older one has ended', async () => {
    const { world, process } = await aWorld();
    const leader = await anotherProcess(world);
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    const [older, newer] = [
      process.calls.stopBefore('publisher.publish'),
      process.calls.stopBefore('publisher.publish'),
    ];
    const first = process.applyForCoupon.execute(id, user);
    await older.reached;
    world.store.wipe();
    await world.finish(leader.keepOpen());
    const second = process.applyForCoupon.execute(id, user);
    await newer.reached;
    older.goOn();
    await first;
    const third = process.applyForCoupon.execute(id, user);
    await world.rest();
    newer.goOn();
    for (const press of [second, third]) expect(await press).toMatchObject({ kind: 'accepted', grant: { epoch: 2 } });
    expect(process.calls.count('publisher.publish')).toBe(2);
  });
});

describe('an event log that does not answer', () => {
  it('known to be away means that nothing is granted', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    world.log.suffer('away');
    await process.applyForCoupon.execute(id, randomUserId());
    const asked = process.calls.count('counter.admit');
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'event-log-away' });
    expect(process.calls.count('counter.admit')).toBe(asked);
    expect(await process.counters.sample(id)).toMatchObject({ counter: 1 });
  });

  it('leaves the slot taken and pending, and tells no sequence', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    world.log.suffer('away');
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'outcome-unknown' });
    expect(await process.counters.sample(id)).toMatchObject({ counter: 1, pending: [1] });
  });

  it('makes the outcome unknown where its acknowledgement is lost, and the next try tells the same sequence', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    world.log.suffer('acknowledgements-lost');
    expect(await process.applyForCoupon.execute(id, user)).toEqual({ kind: 'outcome-unknown' });
    world.log.suffer('none');
    await process.applyForCoupon.execute(id, randomUserId());
    expect(await process.applyForCoupon.execute(id, user)).toMatchObject({ kind: 'accepted', grant: { sequence: 1 } });
    await world.drain(process);
    expect(world.coupons(id)).toHaveLength(2);
  });
});

describe('the clock of a promise', () => {
  it('stops a grant from being handed over when its admission was sent more than a second ago', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const admission = process.calls.stopAfter('counter.admit');
    const applied = process.applyForCoupon.execute(id, randomUserId());
    await admission.reached;
    world.time.advance(HAND_OVER_DEADLINE + 1);
    admission.goOn();
    expect(await applied).toEqual({ kind: 'outcome-unknown' });
    expect(world.published).toBe(0);
  });

  it('starts before the admission is sent, not when the counter takes it', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const admission = process.calls.stopBefore('counter.admit');
    const applied = process.applyForCoupon.execute(id, randomUserId());
    await admission.reached;
    world.time.advance(HAND_OVER_DEADLINE + 1);
    admission.goOn();
    expect(await applied).toEqual({ kind: 'outcome-unknown' });
    expect(world.published).toBe(0);
  });

  it('lets an admission through that took just a second', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const admission = process.calls.stopAfter('counter.admit');
    const applied = process.applyForCoupon.execute(id, randomUserId());
    await admission.reached;
    world.time.advance(HAND_OVER_DEADLINE);
    admission.goOn();
    expect(await applied).toMatchObject({ kind: 'accepted' });
  });

  it('makes an acknowledgement after the publish deadline an unknown outcome, though the event is durable', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    const publish = process.calls.stopAfter('publisher.publish');
    const applied = process.applyForCoupon.execute(id, user);
    await publish.reached;
    world.time.advance(PUBLISH_DEADLINE + 1);
    publish.goOn();
    expect(await applied).toEqual({ kind: 'outcome-unknown' });
    await world.rest();
    const again = await process.applyForCoupon.execute(id, user);
    expect(again).toMatchObject({ kind: 'accepted', first: false, grant: { sequence: 1 } });
    expect(world.published).toBe(1);
  });

  it('lets an acknowledgement count that came just at the publish deadline', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const publish = process.calls.stopAfter('publisher.publish');
    const applied = process.applyForCoupon.execute(id, randomUserId());
    await publish.reached;
    world.time.advance(PUBLISH_DEADLINE);
    publish.goOn();
    expect(await applied).toMatchObject({ kind: 'accepted' });
  });
});

describe('the pending mark', () => {
  it('is cleared once the event is durable', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    await process.applyForCoupon.execute(id, randomUserId());
    await world.rest();
    expect(await process.counters.sample(id)).toMatchObject({ counter: 1, pending: [] });
  });

  it('stands for as long as the event is not acknowledged', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const publish = process.calls.stopAfter('publisher.publish');
    const applied = process.applyForCoupon.execute(id, randomUserId());
    await publish.reached;
    await world.rest();
    expect(await process.counters.sample(id)).toMatchObject({ pending: [1] });
    publish.goOn();
    await applied;
  });
});

describe('more than the process can hold', () => {
  it('is refused before anything is granted', async () => {
    const { world, process } = await aWorld(1);
    const id = await anOpenCampaign(process, 5);
    const publish = process.calls.stopBefore('publisher.publish');
    const first = process.applyForCoupon.execute(id, randomUserId());
    await publish.reached;
    expect(process.applyForCoupon.inFlight).toBe(1);
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'overloaded' });
    expect(await process.counters.sample(id)).toMatchObject({ counter: 1 });
    publish.goOn();
    await first;
    expect(process.applyForCoupon.inFlight).toBe(0);
    expect(world.published).toBe(1);
  });

  it('counts what failed as finished', async () => {
    const { process } = await aWorld(1);
    const id = await anOpenCampaign(process, 5);
    const failure = new OutcomeUnknown('counter', 'no answer');
    const admission = process.calls.stopBefore('counter.admit');
    const refused = process.applyForCoupon.execute(id, randomUserId());
    admission.fail(failure);
    await expect(refused).rejects.toBe(failure);
    const publish = process.calls.stopBefore('publisher.publish');
    const bug = new TypeError('x is not a function');
    const crashed = process.applyForCoupon.execute(id, randomUserId());
    publish.fail(bug);
    await expect(crashed).rejects.toBe(bug);

    expect(process.applyForCoupon.inFlight).toBe(0);
    expect(await process.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'accepted' });
  });
});

describe('a campaign that the counter cannot decide on', () => {
  it('is not found where the record does not have it either', async () => {
    const { process } = await aWorld();
    const answer = await process.applyForCoupon.execute(randomCampaignId(), randomUserId());
    expect(answer).toEqual({ kind: 'campaign-not-found' });
  });

  it('costs one look-up a second, however many ids are tried', async () => {
    const { world, process } = await aWorld();
    world.time.advance(1_000);
    const before = process.calls.count('campaigns.all');
    const tryMany = () =>
      Promise.all(someUsers(50).map((user) => process.applyForCoupon.execute(randomCampaignId(), user)));
    await tryMany();
    world.time.advance(999);
    await tryMany();
    expect(process.calls.count('campaigns.all') - before).toBe(1);
    world.time.advance(1);
    await tryMany();
    expect(process.calls.count('campaigns.all') - before).toBe(2);
  });

  it('is not called unknown to the record while the record is away', async () => {
    const { process } = await aWorld();
    process.calls.away('campaigns', 'database');
    await expect(process.applyForCoupon.execute(randomCampaignId(), randomUserId())).rejects.toThrow('away');
    process.calls.back('campaigns');
  });

  it('that is lost is being rebuilt, never sold out and never not found', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    world.store.wipe();
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'rebuilding', reason: 'missing' });
  });

  it('that is incomplete, closed, prepared or fenced is being rebuilt, without a look-up', async () => {
    const { world, process } = await aWorld();
    const lookUps = process.calls.count('campaigns.all');
    const reasonOf = async (id: Parameters<typeof process.applyForCoupon.execute>[0]) => {
      const answer = await process.applyForCoupon.execute(id, randomUserId());
      return answer.kind === 'rebuilding' ? answer.reason : answer.kind;
    };
    const incomplete = await anOpenCampaign(process, 5);
    await process.applyForCoupon.execute(incomplete, randomUserId());
    world.store.lose(incomplete, 'users');
    expect(await reasonOf(incomplete)).toBe('incomplete');

    const closed = await anOpenCampaign(process, 5);
    const session = await process.opening.begin();
    await session.close(closed, 2);
    expect(await reasonOf(closed)).toBe('closed');

    const prepared = randomCampaignId();
    const terms = { name: 'Welcome', limit: 5, startsAt: null, endsAt: null };
    const { record } = await process.campaigns.create({ id: prepared, ...terms }, world.time.now());
    await process.counters.prepare(record, 'token');
    expect(await reasonOf(prepared)).toBe('prepared');

    world.store.restart();
    expect(await reasonOf(closed)).toBe('fenced');
    expect(process.calls.count('campaigns.all')).toBe(lookUps);
  });
});
