import { expect, it } from 'vitest';
import { InMemoryLeadership } from '../../src/adapters/in-memory/in-memory-leadership.ts';
import { Lead, type LeaderTask } from '../../src/application/lead.ts';
import { Unavailable } from '../../src/domain/outage.ts';
import { InMemoryWorld } from '../support/in-memory-world.ts';

function aCandidate(world: InMemoryWorld, tasks: readonly LeaderTask[]) {
  const stop = new AbortController();
  const lead = new Lead(new InMemoryLeadership(world.records), world.time, world.journal, tasks);
  return { lead, stop, start: () => lead.execute(stop.signal) };
}

/** Counts its runs, and does what it is told. */
class CountedTask implements LeaderTask {
  readonly name: string;
  readonly every: number;
  runs = 0;
  work: (signal: AbortSignal) => Promise<void> = async () => undefined;

  constructor(name: string, every: number) {
    this.name = name;
    this.every = every;
  }

  async run(signal: AbortSignal): Promise<void> {
    this.runs += 1;
    await this.work(signal);
  }
}

const messages = ({ journal }: InMemoryWorld) => journal.lines.map(({ message }) => message);

it('runs each task at its own pace', async () => {
  const world = new InMemoryWorld();
  const [often, seldom] = [new CountedTask('often', 100), new CountedTask('seldom', 1_000)];
  const { start } = aCandidate(world, [often, seldom]);
  void start();
  await world.pass(10_000);
  expect(often.runs).toBeGreaterThanOrEqual(98);
  expect(seldom.runs).toBeGreaterThanOrEqual(9);
  expect(seldom.runs).toBeLessThanOrEqual(11);
});

it('does not let a task that takes long hold up another', async () => {
  const world = new InMemoryWorld();
  const [slow, other] = [new CountedTask('slow', 100), new CountedTask('other', 100)];
  slow.work = () => new Promise(() => undefined);
  void aCandidate(world, [slow, other]).start();
  await world.pass(5_000);
  expect(slow.runs).toBe(1);
  expect(other.runs).toBeGreaterThan(40);
});

it('does not let a task that fails, even by a bug, end itself or another', async () => {
  const world = new InMemoryWorld();
  const [broken, other] = [new CountedTask('broken', 100), new CountedTask('other', 100)];
  broken.work = () => Promise.reject(new TypeError('x is not a function'));
  void aCandidate(world, [broken, other]).start();
  await world.pass(5_000);
  expect(broken.runs).toBeGreaterThan(40);
  expect(other.runs).toBeGreaterThan(40);
});

it('complains once while a task fails for the same reason, and says when it works again', async () => {
  const world = new InMemoryWorld();
  const task = new CountedTask('settle', 100);
  void aCandidate(world, [task]).start();
  task.work = () => Promise.reject(new Unavailable('database', 'the database is away'));
  await world.pass(2_000);
  task.work = () => Promise.reject(new Unavailable('counter', 'the counter is away'));
  await world.pass(2_000);
  task.work = async () => undefined;
  await world.pass(2_000);
  const complaints = world.journal.lines.filter(({ level }) => level === 'warn').map(({ details }) => details);
  expect(complaints).toEqual([
    { task: 'settle', why: 'the database is away' },
    { task: 'settle', why: 'the counter is away' },
  ]);
  expect(messages(world).filter((message) => message === 'leader task works again')).toHaveLength(1);
});

it('runs nothing while somebody else leads, and takes over when that one leaves', async () => {
  const world = new InMemoryWorld();
  const [first, second] = [new CountedTask('first', 100), new CountedTask('second', 100)];
  const leader = aCandidate(world, [first]);
  const follower = aCandidate(world, [second]);
  const led = leader.start();
  void follower.start();
  await world.pass(5_000);
  expect([leader.lead.leads, follower.lead.leads]).toEqual([true, false]);
  expect(second.runs).toBe(0);

  leader.stop.abort();
  await world.finish(led);
  const runs = first.runs;
  await world.pass(5_000);
  expect([leader.lead.leads, follower.lead.leads]).toEqual([false, true]);
  expect(second.runs).toBeGreaterThan(0);
  expect(first.runs).toBe(runs);
});

it('stops running its tasks when it has lost the lead', async () => {
  const world = new InMemoryWorld();
  const task = new CountedTask('task', 100);
  const { lead, start } = aCandidate(world, [task]);
  void start();
  await world.pass(2_000);
  world.records.leader = {};
  await world.pass(1_100);
  const { runs } = task;
  await world.pass(5_000);
  expect(lead.leads).toBe(false);
  expect(task.runs).toBe(runs);
  expect(messages(world)).toEqual(['leading', 'no longer leading']);
});

it('leaves only when the task in hand has come to its end, and frees the lead after that', async () => {
  const world = new InMemoryWorld();
  const task = new CountedTask('task', 100);
  const { promise: end, resolve: finish } = Promise.withResolvers<void>();
  let told: AbortSignal | undefined;
  task.work = (signal) => {
    told = signal;
    return end;
  };
  const { lead, stop, start } = aCandidate(world, [task]);
  const led = start();
  let left = false;
  void led.then(() => (left = true));
  await world.pass(2_000);
  stop.abort();
  await world.pass(5_000);
  expect(told?.aborted).toBe(true);
  expect([left, world.records.leader === null]).toEqual([false, false]);
  finish();
  await world.finish(led);
  expect(world.records.leader).toBeNull();
  expect(lead.leads).toBe(false);
});

it('does not complain about a task that was stopped', async () => {
  const world = new InMemoryWorld();
  const task = new CountedTask('task', 100);
  task.work = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Unavailable('counter', 'stopped')));
    });
  const { stop, start } = aCandidate(world, [task]);
  const led = start();
  await world.pass(2_000);
  stop.abort();
  await world.finish(led);
  expect(world.journal.at('warn')).toEqual([]);
});
