import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerStack } from '../../../test/support/own-servers.ts';
import { percentileOf } from '../../support/statistics.ts';
import type { Campaign } from '../strategy.ts';
import { Burst, type BurstPlan, type BurstReport } from './burst.ts';
import type { Contender, Running } from './contender.ts';
import { type Applicant, crowdOf } from './crowd.ts';
import { Disturbance } from './disturbance.ts';
import { type Judgement, judge } from './judge.ts';
import { Observer } from './observer.ts';
import { StoredWatch } from './stored-watch.ts';

export interface TrialPlan {
  readonly crowd: readonly Applicant[];
  readonly coupons: number;
  readonly connections: number;
  /** Milliseconds after which nobody presses any more. */
  readonly within: number;
  readonly warmUp: number;
  /** Whether an API process is killed when about half of the coupons are given. */
  readonly kills: boolean;
}

/** What one trial of one contender gave. Times in seconds, percentiles in milliseconds. */
export interface Trial {
  readonly judgement: Judgement;
  readonly requests: number;
  readonly errors: number;
  readonly usersServed: number;
  readonly stoppedAfter: number | null;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly secondsUntilStored: number;
  readonly databaseCpuSeconds: number;
  readonly statements: number;
  readonly stalledSeconds: number;
}

const WARM_UP: Campaign = { id: 'warm-up', limit: 50 };
const WARM_UP_CROWD = crowdOf({ users: 10_000, presses: 10_000, seed: 2 });
const LOOK_EVERY = 100;
const QUIET_LOOKS = 2;
const SETTLED_WITHIN = 45_000;

/** @throws Error where a process ended by itself or an answer was none that an application can have */
export async function trial(contender: Contender, servers: ServerStack, plan: TrialPlan): Promise<Trial> {
  const campaign: Campaign = { id: 'giveaway', limit: plan.coupons };
  const within = plan.within + (contender.standsStill ?? 0);
  await using running = await contender.start(servers, [WARM_UP, campaign]);
  await using observer = new Observer(servers);
  await play(running, observer, { ...plan, campaign: WARM_UP, crowd: WARM_UP_CROWD, within: plan.warmUp });

  await using disturbance = disturbanceOf(running, observer, campaign, plan);
  const decided = (requests: number): void => disturbance.decided(requests);
  const databaseUse = await observer.useFromNow();
  const { report, secondsUntilStored } = await play(running, observer, { ...plan, campaign, within, decided });
  await disturbance.ended();
  const { cpuSeconds, statements } = await databaseUse();
  running.check();
  return {
    judgement: judge(await observer.holders(running.database, campaign.id), report.told, campaign.limit),
    ...timesOf(report),
    stoppedAfter: report.wasStopped ? within / 1_000 : null,
    secondsUntilStored,
    databaseCpuSeconds: cpuSeconds,
    statements,
  };
}

function disturbanceOf(running: Running, observer: Observer, campaign: Campaign, { kills }: TrialPlan): Disturbance {
  if (kills) return Disturbance.kill(running, campaign);
  if (running.pauseHolder !== undefined) return Disturbance.pause(running, observer, campaign);
  return Disturbance.none();
}

interface Play extends Pick<BurstPlan, 'crowd' | 'connections' | 'within' | 'decided'> {
  readonly campaign: Campaign;
}

/** One burst, and everything that follows from it. */
async function play(
  running: Running,
  observer: Observer,
  { campaign, ...plan }: Play,
): Promise<{ readonly report: BurstReport; readonly secondsUntilStored: number }> {
  const startedAt = performance.now();
  await using watch = new StoredWatch(observer, running.database, campaign.id);
  const report = await new Burst({ ...plan, campaignId: campaign.id, doors: running.doors }).run();
  await settled(running, campaign, watch);
  return { report, secondsUntilStored: (watch.seenAt - startedAt) / 1_000 };
}

/** Waits until all is worked through, and nothing is added any more; not for ever. */
async function settled(running: Running, campaign: Campaign, watch: StoredWatch): Promise<void> {
  for (const deadline = performance.now() + SETTLED_WITHIN; performance.now() < deadline; await sleep(LOOK_EVERY)) {
    if ((await running.isSettled(campaign)) && watch.quietLooks >= QUIET_LOOKS) break;
  }
  await watch.stop();
}

type Times = 'requests' | 'errors' | 'usersServed' | 'requestsPerSecond' | 'p50' | 'p95' | 'p99' | 'stalledSeconds';

function timesOf({ waits, acceptedAt, requests, errors, seconds, usersServed }: BurstReport): Pick<Trial, Times> {
  const at = (share: number): number => percentileOf(waits, share) / 1_000;
  return {
    requests,
    errors,
    usersServed,
    requestsPerSecond: waits.length / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    stalledSeconds: longestGap(acceptedAt) / 1_000,
  };
}

/** From the first request on. After the last coupon nobody waits for another. */
const longestGap = (moments: readonly number[]): number =>
  Math.max(0, ...moments.map((moment, index) => moment - (moments[index - 1] ?? 0)));
