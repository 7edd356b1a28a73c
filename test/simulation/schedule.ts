import { parseCampaignId } from '../../src/domain/campaign-id.ts';
import { parseUserId } from '../../src/domain/user-id.ts';
import { Cluster } from './cluster.ts';
import { Faults } from './faults.ts';
import type { Violation } from './history.ts';
import { disagreements } from './invariants.ts';
import { checkLiveness } from './liveness.ts';
import { Operator } from './operator.ts';
import { type ProfileName, profileOf, profiles } from './profiles.ts';
import { Random } from './random.ts';
import { NO_SABOTAGE, type Sabotage } from './sabotage.ts';
import { Users } from './users.ts';
import { type Trace, World } from './world.ts';

const CAMPAIGNS = [parseCampaignId('spring'), parseCampaignId('autumn')];
const CONSUMERS = 2;
/** The time after which nobody who was told may be without a coupon (I3), and what a rebuild may need before. */
const SETTLED_WITHIN = 40_000;
/** By then nothing is on its way any more that was sent before everything healed. */
const SETTLED_AFTER = 8_000;
/** The first leader has opened the counter by then. */
const OPEN_AFTER = 1_300;
/** A rebuild that was begun before everything healed is over by then. */
const REBUILT_WITHIN = 4_000;
const LOOK_AGAIN = 5_000;
/** Every so many seeds go on to the very end though everything agrees before. */
const TO_THE_END = 11;

export interface Outcome {
  readonly seed: number;
  readonly profile: ProfileName;
  readonly violations: readonly Violation[];
  readonly applications: number;
  readonly told: number;
  readonly looks: number;
  readonly changes: number;
  readonly commands: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly events: number;
}

export interface Options {
  readonly profile?: ProfileName | undefined;
  readonly sabotage?: Sabotage | undefined;
  readonly trace?: Trace | undefined;
}

/** Everything that one seed says, from the first campaign to the last comparison. */
export async function runSchedule(seed: number, options: Options = {}): Promise<Outcome> {
  const name = options.profile ?? profileOf(seed);
  const profile = profiles[name];
  const random = new Random(seed);
  const world = new World(seed, options.sabotage ?? NO_SABOTAGE, options.trace ?? null);
  const cluster = new Cluster(world, random.integer(profile.apis[0], profile.apis[1]), CONSUMERS);
  const operator = new Operator(world, cluster, random);
  const users = new Users(world, cluster, random);
  const faults = new Faults({ world, cluster, users, random, profile, campaigns: CAMPAIGNS });
  const { timeline, history } = world;

  await timeline.runUntil(OPEN_AFTER);
  for (const id of CAMPAIGNS) operator.create(id, random.integer(4, 10));
  await timeline.runUntil(2 * OPEN_AFTER);
  world.lines = profile.lines;

  const end = timeline.now + profile.lasts;
  const moment = () => random.between(timeline.now, end);
  const times = (range: readonly [least: number, most: number], run: () => void): void => {
    for (let count = random.integer(range[0], range[1]); count > 0; count -= 1) run();
  };
  let user = 0;
  times(profile.users, () => users.arrive(random.pick(CAMPAIGNS), parseUserId(String(++user)), moment()));
  times(profile.changes, () => operator.change(random.pick(CAMPAIGNS), moment()));
  times(profile.faults, () => faults.plan(random.weighed(profile.weights), moment()));
  times(profile.rebuilds, () => operator.rebuild(random.pick(CAMPAIGNS), moment()));
  times(profile.republishes, () => operator.republish(random.pick(CAMPAIGNS), moment()));
  times(profile.voids, () => operator.voidOne(moment()));
  times([0, 1], () => operator.reissueAll(moment()));
  await timeline.runUntil(end);
  faults.heal();
  if (profile.republishesAtLast)
    for (const id of CAMPAIGNS) operator.republishUntilDone(id, timeline.now + REBUILT_WITHIN);
  const last = end + SETTLED_WITHIN;
  await timeline.runUntil(seed % TO_THE_END === 0 ? last : end + SETTLED_AFTER);
  while (timeline.now < last && allOf(world).length > 0) await timeline.runUntil(timeline.now + LOOK_AGAIN);
  history.violations.push(...allOf(world));
  await checkLiveness(world, users, CAMPAIGNS);
  const told = [...history.applicants.values()].filter((applicant) => applicant.told !== null).length;
  return { seed, profile: name, violations: history.violations, told, events: timeline.events, ...history.counts };
}

const allOf = (world: World): readonly Violation[] => CAMPAIGNS.flatMap((id) => disagreements(world, id));
