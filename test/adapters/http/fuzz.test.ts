import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { PROBLEM_KINDS } from '../../../src/adapters/http/problem-kinds.ts';
import { ADMIN_TOKEN, type ServedApi, serveApi } from './served-api.ts';
import { send } from './wire.ts';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const often = <T>(likely: readonly T[], other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...likely) }, { weight: 1, arbitrary: other });

/** What a path may hold: the rest is percent-encoded, or cannot be sent by an HTTP client at all. */
const segment = often(
  [
    'fuzzed',
    'other',
    'me',
    'admin',
    'campaigns',
    'applications',
    'coupons',
    'failed-events',
    'reissue',
    '1',
    '..',
    '%00',
    '%zz',
  ],
  fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }).map(encode), fc.stringMatching(/^[!-"$-.0-~]{0,80}$/)),
);

const path = often(
  ['/campaigns/fuzzed/applications', '/campaigns/fuzzed', '/admin/campaigns/fuzzed', '/admin/campaigns', '/me/coupons'],
  fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`),
);

const oddQuery = often(
  ['', '?limit=1', '?limit=0', '?campaign=fuzzed', '?status=open', '?cursor=WyIxIl0', '?cursor=WyIxIiwiMiJd', '?a=b'],
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `?${encode(text)}`),
);

const query = fc.oneof(fc.constant(''), oddQuery);

const user = often(['1', '2', '9223372036854775807', '01', ''], fc.stringMatching(/^[ -~\u0080-\u00ff]{0,30}$/));

const headers = fc.record(
  {
    'x-user-id': user,
    authorization: often([`Bearer ${ADMIN_TOKEN}`, 'Bearer x'], fc.stringMatching(/^[ -~]{0,40}$/)),
    'content-type': often(
      ['application/json', 'application/json; charset=utf-8', 'text/plain'],
      fc.stringMatching(/^[ -~]{0,20}$/),
    ),
    traceparent: fc.stringMatching(/^[ -~]{0,60}$/),
  },
  { requiredKeys: ['x-user-id'] },
);

const terms = fc.record(
  {
    name: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    limit: fc.oneof(fc.integer({ min: -1, max: 5 }), fc.double(), fc.jsonValue()),
    startsAt: fc.oneof(fc.constantFrom('2026-12-01T00:00:00Z', null), fc.jsonValue()),
    endsAt: fc.oneof(fc.constantFrom('2027-12-01T00:00:00Z', '2026-02-31T00:00:00Z', null), fc.jsonValue()),
    __proto__: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

const body = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', '{}', '{"name":"A","limit":3}') },
  { weight: 2, arbitrary: terms.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

const method = often(
  ['GET', 'POST', 'PUT', 'PATCH'],
  fc.constantFrom('HEAD', 'OPTIONS', 'DELETE', 'TRACE', 'PROPFIND'),
);

const anyRequest: fc.Arbitrary<Request> = fc
  .record({ method, path, query, headers, body })
  .map(({ query: asked, ...rest }) => ({ ...rest, path: rest.path + asked }));

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function ask(agent: Agent, { port }: ServedApi, asked: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body: sent, ...head } = asked;
    const length = sent === '' ? {} : { 'content-length': Buffer.byteLength(sent) };
    const options = { ...head, agent, port, host: '127.0.0.1', headers: { ...head.headers, ...length } };
    const request = httpRequest(options, (response) => {
      const { statusCode: status = 0, headers: received } = response;
      const read = response.setEncoding('utf8').toArray();
      read.then((chunks) => resolve({ status, headers: received, body: chunks.join('') }), reject);
    });
    request.once('error', reject).end(sent);
  });
}

function isSound(asked: string, answer: Answer): void {
  const { status } = answer;
  expect(status).toBeLessThan(500);
  expect(answer.headers['cache-control']).toBe('no-store');
  if (status < 400) return;
  expect(answer.headers['content-type']).toBe('application/problem+json');
  if (asked === 'HEAD') return;
  const problem = JSON.parse(answer.body);
  const kind = String(problem.type).replace('/problems/', '');
  expect(Object.keys(PROBLEM_KINDS)).toContain(kind);
  expect(problem.status).toBe(status);
}

it('answers no random request with 5xx, and refuses each with a problem document', async () => {
  await using api = await serveApi();
  await api.admin('PUT', '/admin/campaigns/fuzzed', { name: 'Fuzzed', limit: 1_000 });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(anyRequest, async (asked) => {
      const answer = await ask(agent, api, asked);
      isSound(asked.method, answer);
      statuses.add(answer.status);
    }),
    { numRuns: 2_500 },
  );
  agent.destroy();
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405]));
  expect(api.journal.at('error')).toEqual([]);
}, 60_000);

it('answers random bytes with nothing but 4xx, and goes on', async () => {
  await using api = await serveApi();
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((each) => Buffer.from(each)),
    fc.string({ maxLength: 60 }).map((text) => Buffer.from(`GET /${text} HTTP/1.1\r\n${text}: ${text}\r\n`)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      const answer = await send(api.port, Buffer.concat([sent, Buffer.from('\r\n\r\n\r\nX\r\n\r\n')]));
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    }),
    { numRuns: 500 },
  );
  expect((await api.call({ path: '/healthz' })).status).toBe(200);
  expect(api.journal.at('error')).toEqual([]);
}, 60_000);
