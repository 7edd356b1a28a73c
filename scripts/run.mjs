// Starts what `npm run build` made: node scripts/run.mjs api|consumer|migrate|standalone
// Plain JavaScript that imports nothing before it has looked: an old Node would fail on the imports of the service.
import { existsSync } from 'node:fs';

const LEAST = 24;
const entry = process.argv[2];
const file = new URL(`../dist/bootstrap/${entry}.js`, import.meta.url);

const refuse = (why) => {
  console.error(why);
  process.exit(1);
};

if (Number(process.versions.node.split('.')[0]) < LEAST) {
  refuse(
    `This service needs Node ${LEAST} or later; this is ${process.version}. ` +
      'npm ci brings one along for most platforms, which npm start and npm run use.',
  );
}
if (!existsSync(file)) refuse(`${entry} is not built: run npm run build first.`);

// npm passes SIGTERM on to the shell between us, which ends without a word: whom npm started follows that shell.
if (process.env.npm_lifecycle_event !== undefined) {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}

await import(file.href);
