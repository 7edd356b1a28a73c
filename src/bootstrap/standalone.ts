import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Container } from 'inversify';
import { listen } from '../adapters/http/listen.ts';
import { parseCampaignId } from '../domain/campaign-id.ts';
import { readStandaloneConfig } from './config.ts';
import { aborted, configured, shutDown, stopSignal } from './entry.ts';
import { API, api } from './http.ts';
import { IN_MEMORY_CONSUMER, inMemory } from './in-memory.ts';
import { leaderTasks } from './leader-tasks.ts';
import { EDGE_LOG, node } from './node.ts';
import { TOKENS } from './tokens.ts';
import { useCases } from './use-cases.ts';
import { resolve } from './wiring.ts';

const WELCOME = { id: parseCampaignId('welcome'), name: 'Welcome', limit: 1_000, startsAt: null, endsAt: null };

const config = configured(readStandaloneConfig);
const adminToken = config.ADMIN_TOKEN ?? randomBytes(16).toString('hex');
const stopping = stopSignal();

const container = new Container();
container.load(
  node('standalone', config.LOG_LEVEL),
  inMemory,
  useCases,
  leaderTasks,
  api(adminToken, config.MAX_IN_FLIGHT),
);

await resolve(container, TOKENS.keepCountersOpen).execute(stopping);
await resolve(container, TOKENS.openCampaign).execute(WELCOME);
const consumer = resolve(container, IN_MEMORY_CONSUMER);
consumer.start();
const leading = resolve(container, TOKENS.lead).execute(stopping);
const { app, refuseEarly } = resolve(container, API);
const server = await listen(app, { host: config.HOST, port: config.PORT, refuseEarly });

const url = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${server.port}`;
console.log(`
First-come-first-served coupons, everything in this process and in memory. Campaign "welcome" has 1,000 coupons.
Listening on ${url}    admin token: ${adminToken}

Try:
  curl -i -X POST -H 'X-User-Id: 1' ${url}/campaigns/welcome/applications
  curl -H 'X-User-Id: 1' ${url}/campaigns/welcome/applications/me
  curl -H 'Authorization: Bearer ${adminToken}' ${url}/admin/campaigns/welcome
`);

await aborted(stopping);
await shutDown(resolve(container, EDGE_LOG), config.SHUTDOWN_TIMEOUT_MS, [
  ['http', () => server.close()],
  ['leader', () => leading],
  ['consumer', () => consumer.stop()],
]);
