import { applicants } from './applicant.ts';
import { CannotRun, createCampaign, showCampaign } from './campaign.ts';
import { CampaignWatch, type Sample } from './campaign-watch.ts';
import { type Exchange, HistoryWriter, now, readHistory } from './history.ts';
import { LoadRun, type Progress } from './load.ts';
import type { LoadOptions } from './options.ts';
import type { LoadPlan } from './plan.ts';
import { type Statistics, statisticsOf } from './statistics.ts';
import { isPromise } from './told.ts';
import { type Truth, truthByHttp, truthByMySql } from './truth.ts';
import { judge, type Verdict } from './verdict.ts';

export interface Results {
  readonly campaignId: string;
  readonly urls: readonly string[];
  readonly startedAt: string;
  readonly plan: Omit<LoadPlan, 'urls' | 'campaignId' | 'firstUser'> & { readonly firstUser: string };
  readonly statistics: Statistics;
  readonly tester: {
    readonly cpuSeconds: number;
    readonly cores: number;
    readonly notSent: number;
    readonly retried: number;
  };
  readonly remaining: readonly Sample[];
  readonly truth: Pick<Truth, 'limit' | 'burnt' | 'coupons'> & { readonly source: 'http' | 'mysql' };
  readonly verdict: Verdict;
  readonly history: string;
}

export interface Onlooker {
  started(run: LoadRun): void;
  settling(): void;
}

/**
 * Plays the plan, waits until the service has settled, learns the truth and judges.
 *
 * @throws CannotRun
 */
export async function measure(options: LoadOptions, onlooker: Onlooker): Promise<Results> {
  const { urls, campaignId, create, history } = options;
  const [first = ''] = urls;
  if (create !== null) await createCampaign(first, campaignId, create.limit, create.adminToken);
  for (const url of urls) await showCampaign(url, campaignId);
  const writer = openHistory(history);
  const startedAt = new Date(now()).toISOString();
  const watch = new CampaignWatch(() => urls, campaignId);
  const run = new LoadRun({ ...options.plan, campaignId, urls: () => urls }, writer);
  const { progress, cpuSeconds, seconds } = await watched(watch, play(run, onlooker));
  writer.close();
  const exchanges = await readHistory(history);
  mustBeAnswered(exchanges);
  onlooker.settling();
  const truth = await learn(options, exchanges, watch.highestLimit);
  return {
    campaignId,
    urls,
    startedAt,
    plan: { ...options.plan, firstUser: String(options.plan.firstUser) },
    statistics: statisticsOf(exchanges),
    tester: { cpuSeconds, cores: cpuSeconds / seconds, notSent: progress.notSent, retried: progress.retried },
    remaining: watch.samples,
    truth: {
      source: options.mysql === null ? 'http' : 'mysql',
      limit: truth.limit,
      burnt: truth.burnt,
      coupons: truth.coupons,
    },
    verdict: judge(exchanges, truth),
    history,
  };
}

async function watched<T>(watch: CampaignWatch, playing: Promise<T>): Promise<T> {
  try {
    return await playing;
  } finally {
    await watch.stop();
  }
}

function openHistory(path: string): HistoryWriter {
  try {
    return new HistoryWriter(path);
  } catch (error) {
    throw new CannotRun(`--history cannot be begun: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Played {
  readonly progress: Progress;
  readonly cpuSeconds: number;
  readonly seconds: number;
}

export async function play(run: LoadRun, onlooker: Pick<Onlooker, 'started'>): Promise<Played> {
  const before = process.cpuUsage();
  const began = now();
  run.start();
  onlooker.started(run);
  await run.done;
  const { user, system } = process.cpuUsage(before);
  return { progress: run.progress, cpuSeconds: (user + system) / 1e6, seconds: (now() - began) / 1_000 };
}

const DECIDED: ReadonlySet<string> = new Set(['accepted', 'sold-out', 'not-started', 'ended', 'voided']);

/** A run in which nobody was told anything proves nothing, and is not called good. */
function mustBeAnswered(history: readonly Exchange[]): void {
  if (history.some(({ answer }) => answer !== null && DECIDED.has(answer.kind))) return;
  const kinds = new Set(
    history.map(({ answer }) => `${answer?.status ?? 0} ${answer?.error ?? answer?.kind ?? 'no answer'}`),
  );
  throw new CannotRun(`no application was decided: ${[...kinds].slice(0, 5).join('; ') || 'nothing was sent'}`);
}

function learn(options: LoadOptions, history: readonly Exchange[], limit: number | null): Promise<Truth> {
  const { urls, campaignId, settle, mysql } = options;
  const everybody = applicants(history);
  if (mysql === null)
    return truthByHttp({ urls: () => urls, campaignId, users: everybody.keys(), limit, within: settle });
  const promised = [...everybody.values()].filter(({ strongest }) => isPromise(strongest)).map(({ user }) => user);
  return truthByMySql({ url: mysql, campaignId, promised, limit, within: settle });
}
