import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingPrograms } from '../support/missing-programs.ts';
import { check } from './check.ts';
import { type Drained, drained } from './drain.ts';
import type { FaultRecord } from './fault.ts';
import { faultKinds } from './fault-kinds.ts';
import { chosen, FaultPlan } from './fault-plan.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { readState } from './read-state.ts';
import { Recovery } from './recovery.ts';
import { faultLine, report } from './report.ts';
import { brokenCells, invariantsOf, type Results } from './results.ts';
import { preloadOf } from './sabotage.ts';
import { Scene } from './scene.ts';
import { Story } from './story.ts';
import { Streams } from './streams.ts';

const FIRST_PROBE = 8_000_000_000_000_000_000n;
const REVIVES_EVERY = 250;
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const missing = missingPrograms();
  if (missing.length > 0) throw new RangeError(`${missing.join(', ')} not installed: npm run services -- install`);
  const evidence = options.evidence ?? (await mkdtemp(join(tmpdir(), 'coupon-drill-')));
  await mkdir(evidence, { recursive: true });
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The first ends the faults, and what has happened is judged; a second one ends everything at once.
      if (stopping.signal.aborted) process.exit(INTERRUPTED);
      stopping.abort();
    });
  }

  console.log(`drill with seed ${options.seed}${options.sabotage ? `, without: ${options.sabotage}` : ''}`);
  const scene = await Scene.set(evidence, options.sabotage === null ? null : preloadOf(options.sabotage));
  let kept = options.evidence !== null;
  try {
    const results = await drill(scene, options, evidence, stopping.signal);
    await writeFile(join(evidence, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
    if (options.json !== null) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
    console.log(report(results));
    kept ||= !results.good;
    if (stopping.signal.aborted) return INTERRUPTED;
    return results.good ? 0 : 1;
  } catch (error) {
    kept = true;
    throw error;
  } finally {
    await scene.clear(kept ? evidence : null);
    if (kept) console.log(`The evidence is in ${evidence}`);
    else await rm(evidence, { recursive: true, force: true });
  }
}

async function drill(scene: Scene, options: Options, evidence: string, signal: AbortSignal): Promise<Results> {
  const startedAt = performance.now();
  const lateness = monitorEventLoopDelay();
  lateness.enable();
  const story = new Story(scene, evidence, options);
  const log = (record: FaultRecord) => console.log(faultLine(record));
  const [campaignId = ''] = scene.lastingCampaigns;
  let probes = 0n;
  const recovery = new Recovery(
    scene,
    () => String(FIRST_PROBE + probes++),
    (id, userId, url, sentAt, reply) => story.giveaways.get(id)?.witness(userId, url, sentAt, reply),
  );
  const plan = new FaultPlan(chosen(faultKinds(scene), options.only), options.seed);
  const streams = new Streams(plan, recovery, campaignId, startedAt, log);
  const revived: string[] = [];
  const over = new AbortController();
  const reviving = revive(scene, revived, over.signal);

  let rest: Drained;
  try {
    await story.start();
    const until = startedAt + options.minutes * 60_000;
    await streams.run(options.streams, { faults: options.faults, until }, signal);
    await story.stop();
    lateness.disable();
    rest = await drained(scene);
  } finally {
    over.abort();
    await reviving;
  }

  const checked = await check(story.giveaways, await readState(scene));
  const faults = streams.records.toSorted((a, b) => a.number - b.number);
  const invariants = invariantsOf(checked, faults, rest);
  return {
    good: invariants.every(({ figure }) => figure === 0) && brokenCells(checked.users) === 0,
    date: new Date().toISOString(),
    machine: `${availableParallelism()} cores ${cpus()[0]?.model.trim() ?? ''} ${arch()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    // Where the results go says nothing about them.
    command: `npm run drill -- ${process.argv.slice(2).join(' ')}`.replace(/ --(json|evidence)[ =]\S+/g, ''),
    seed: options.seed,
    streams: options.streams,
    rate: options.rate,
    minutes: (performance.now() - startedAt) / 60_000,
    late: Math.round(lateness.max / 1e6),
    campaigns: story.giveaways.size,
    requests: story.sent,
    coupons: checked.coupons,
    faults,
    revived,
    skipped: scene.disk === null ? ['redis.disk-full, as this machine mounts no file system'] : [],
    users: checked.users,
    answers: checked.answers,
    invariants,
    drained: rest,
    notes: checked.notes,
  };
}

async function revive(scene: Scene, revived: string[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    revived.push(...(await scene.fleet.revive()));
    await sleep(REVIVES_EVERY, undefined, { signal }).catch(() => {});
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof RangeError ? `${error.message}\n\n${USAGE}` : error);
  // What the load still waits for is of no use to anybody.
  process.exit(2);
}
