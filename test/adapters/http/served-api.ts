import { inspect } from 'node:util';
import { Registry } from 'prom-client';
import { expect } from 'vitest';
import { gatewayCaller } from '../../../src/adapters/http/caller.ts';
import { createApi } from '../../../src/adapters/http/create-api.ts';
import { type ListenOptions, listen } from '../../../src/adapters/http/listen.ts';
import { ReportReadiness } from '../../../src/application/report-readiness.ts';
import type { CampaignTerms } from '../../../src/domain/campaign.ts';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import type { DependencyProbe, DependencyState } from '../../../src/domain/ports/dependency-probe.ts';
import { hasPassed } from '../../../src/domain/ports/event-log-progress.ts';
import { eventually } from '../../support/eventually.ts';
import { startProcess } from '../../support/in-memory-process.ts';
import { InMemoryWorld } from '../../support/in-memory-world.ts';
import { randomCampaignId } from '../../support/random.ts';
import { RecordingJournal } from '../../support/recording-journal.ts';
import { type Call, parseAnswer, requestText, send } from './wire.ts';

export const ADMIN_TOKEN = 'a-token-for-tests';
export const asAdmin = ['Authorization', `Bearer ${ADMIN_TOKEN}`] as const;
export const asUser = (userId: string) => ['X-User-Id', userId] as const;
export const jsonType = ['Content-Type', 'application/json'] as const;

const TERMS: CampaignTerms = { name: 'A campaign', limit: 10, startsAt: null, endsAt: null };

/** The whole API over the in-memory adapters, on a free port. */
export async function serveApi(options: Partial<ListenOptions> & { readonly mostInFlight?: number } = {}) {
  const world = new InMemoryWorld();
  const process = startProcess(world, options.mostInFlight);
  await process.keepOpen();
  const journal = new RecordingJournal();
  const states: Record<DependencyProbe['name'], DependencyState> = {
    redis: { status: 'ready' },
    kafka: { status: 'ready' },
    mysql: { status: 'ready' },
  };
  const probes = (['redis', 'kafka', 'mysql'] as const).map((name) => ({ name, check: async () => states[name] }));
  const { app, refuseEarly } = createApi({
    ...process,
    reportReadiness: new ReportReadiness(probes, ['redis', 'kafka'], process.standings),
    identifyCaller: gatewayCaller,
    adminToken: ADMIN_TOKEN,
    log: journal,
    clock: world.time,
    scheduler: world.time,
    registry: new Registry(),
  });
  const server = await listen(app, { refuseEarly, refusalHold: 0, ...options, host: '127.0.0.1', port: 0 });

  const call = async (request: Call) => {
    const answer = parseAnswer(await send(server.port, requestText(request)));
    return { ...answer, json: answer.body === '' ? null : JSON.parse(answer.body) };
  };

  return {
    world,
    counter: process.counter,
    calls: process.calls,
    /** One round of the leader's duties. */
    keepOpen: () => world.finish(process.keepOpen()),
    archive: () => world.finish(process.archive()),
    /** What the edge wrote. */
    journal,
    states,
    server,
    port: server.port,
    call,
    apply: (id: string, userId: string, more: Partial<Call> = {}) =>
      call({ method: 'POST', path: `/campaigns/${id}/applications`, headers: [asUser(userId)], ...more }),
    admin: (method: string, path: string, body?: unknown) =>
      call({
        method,
        path,
        headers: [asAdmin, jsonType],
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      }),
    metric: async (line: string) => {
      const text = parseAnswer(await send(server.port, requestText({ path: '/metrics' }))).body;
      return text.split('\n').find((each) => each.startsWith(line)) ?? null;
    },
    async open(terms: Partial<CampaignTerms> = {}): Promise<CampaignId> {
      const id = randomCampaignId();
      await process.openCampaign.execute({ ...TERMS, ...terms, id });
      return id;
    },
    /** Runs the consumer until it has passed everything that lies in the log now; time stands still meanwhile. */
    async drain(): Promise<void> {
      const end = world.log.end();
      process.consumer.start();
      await eventually(async () => expect(hasPassed(await process.progress.committed(), end)).toBe(true));
      await process.consumer.stop();
    },
    /** Whatever is stored anywhere, to be compared with later. */
    everything: () =>
      inspect([[...world.records.shelves()], world.records.failedEvents, world.store.copy(), world.log.end()], {
        depth: null,
        maxArrayLength: null,
      }),
    [Symbol.asyncDispose]: () => server.close(0),
  };
}

export type ServedApi = Awaited<ReturnType<typeof serveApi>>;
