import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzzService } from './fuzz-service.ts';

const HELP = `Sends requests that nobody should send to the in-memory service in a process of its own.

  npm run fuzz -- [--requests 100000] [--seed S] [--first 0]

Ends with 1 where an answer is a 5xx or no problem document, a connection stays open, or the service is worse afterwards.
One request is sent again with its seed, its number as --first, and --requests 1.`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    first: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const [requests, seed, first] = [values.requests, values.seed, values.first].map(Number) as [number, number, number];
if (![requests, seed, first].every((each) => Number.isSafeInteger(each) && each >= 0)) {
  console.error(`--requests, --seed and --first are whole numbers\n\n${HELP}`);
  process.exit(2);
}
const startedAt = performance.now();
console.log(`seed ${seed}, ${requests} requests from number ${first} on`);
const { statuses, complaints } = await fuzzService({ requests, seed, first }, (sent) => console.log(`${sent} sent`));
const counted = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status} ${count} times`);
console.log(`answers: ${counted.join(', ')}; ${Math.round((performance.now() - startedAt) / 1_000)} s`);
for (const complaint of complaints) console.log(`COMPLAINT: ${complaint}`);
console.log(complaints.length === 0 ? 'every request was answered as it may be' : `replay with --seed ${seed}`);
process.exitCode = complaints.length === 0 ? 0 : 1;
