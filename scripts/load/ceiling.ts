import { createServer, type Server } from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { HistoryWriter, readHistory } from './history.ts';
import { LoadRun } from './load.ts';
import { type Onlooker, play } from './measure.ts';
import type { LoadPlan } from './plan.ts';
import { statisticsOf } from './statistics.ts';

/** What the tester itself can do: the same plan against a bare node:http server in a thread of its own. */
export async function ceiling(
  plan: Omit<LoadPlan, 'urls' | 'campaignId'>,
  path: string,
  onlooker: Pick<Onlooker, 'started'>,
): Promise<string> {
  const server = new Worker(new URL(import.meta.url));
  const port = await new Promise<number>((resolve, reject) => {
    server.once('message', resolve).once('error', reject);
  });
  const history = new HistoryWriter(path);
  const run = new LoadRun({ ...plan, campaignId: 'ceiling', urls: () => [`http://127.0.0.1:${port}`] }, history);
  const before = server.cpuUsage();
  const { seconds, cpuSeconds } = await play(run, onlooker);
  const used = await server.cpuUsage(await before);
  await server.terminate();
  history.close();
  const { answersPerSecond, latency } = statisticsOf(await readHistory(path));
  const serverCores = (used.user + used.system) / 1e6 / seconds;
  return (
    `${Math.round(answersPerSecond).toLocaleString('en-US')} answers a second from a bare node:http server, p99 ${latency.all?.p99.toFixed(2)} ms; ` +
    `the tester used ${(cpuSeconds / seconds - serverCores).toFixed(2)} cores, the server ${serverCores.toFixed(2)}.\nhistory: ${path}`
  );
}

if (!isMainThread) {
  let sequence = 0;
  const server: Server = createServer((request, response) => {
    sequence += 1;
    const userId = request.headers['x-user-id'];
    const body = JSON.stringify({ campaignId: 'ceiling', userId, sequence, status: 'accepted' });
    response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    parentPort?.postMessage(typeof address === 'object' ? address?.port : null, []);
  });
}
