import { writeFileSync } from 'node:fs';
import { CannotRun } from './campaign.ts';
import { ceiling } from './ceiling.ts';
import { describe, showProgress } from './console.ts';
import { htmlReport } from './html-report.ts';
import type { LoadRun, Progress } from './load.ts';
import { measure } from './measure.ts';
import { BadArguments, HELP, type LoadOptions, readOptions } from './options.ts';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env['ADMIN_TOKEN'], new Date());
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  let endProgress = () => {};
  const started = (run: LoadRun) => {
    // A second Ctrl-C ends the tester at once.
    process.once('SIGINT', () => void run.stop());
    endProgress = showProgress(run, shareOf(options), process.stderr);
  };
  if (options.ceiling) {
    const said = await ceiling(options.plan, options.history, { started });
    endProgress();
    console.log(said);
    return 0;
  }
  const settling = () => {
    endProgress();
    console.error('everything is answered; waiting until the service has settled');
  };
  const results = await measure(options, { started, settling });
  console.log(describe(results));
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  if (options.html !== null) writeFileSync(options.html, htmlReport(results));
  return results.verdict.good ? 0 : 1;
}

/** Of what was planned; second presses and retries come on top. */
function shareOf({ plan }: LoadOptions): (progress: Progress, elapsed: number) => number {
  return ({ sent, retried, notSent }, elapsed) =>
    Math.max(
      (sent - retried + notSent) / (plan.requests * (1 + plan.duplicates)),
      Number.isFinite(plan.duration) ? elapsed / plan.duration : 0,
    );
}

try {
  process.exitCode = await main();
} catch (error) {
  const expected = error instanceof BadArguments || error instanceof CannotRun;
  console.error(expected ? error.message : error);
  if (error instanceof BadArguments) console.error('npm run load -- --help shows everything that is accepted');
  process.exitCode = 2;
}
