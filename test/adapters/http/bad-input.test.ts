import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_KINDS, type ProblemKind } from '../../../src/adapters/http/problem-kinds.ts';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import { ADMIN_TOKEN, asAdmin, asUser, jsonType, type ServedApi, serveApi } from './served-api.ts';
import { type Call, parseAnswer, requestText, send } from './wire.ts';

type Case = readonly [title: string, kind: ProblemKind, call: Call];

let api: ServedApi;
let id: CampaignId;

beforeAll(async () => {
  api = await serveApi();
  id = await api.open();
  await api.apply(id, '1');
});

afterAll(() => api.server.close(0));

/** `{id}` in a path stands for a campaign that is open. */
async function isRefused(kind: ProblemKind, text: string, encoding: BufferEncoding = 'utf8'): Promise<void> {
  const before = api.everything();
  const answer = parseAnswer(await send(api.port, text.replaceAll('{id}', id), encoding));
  const problem = JSON.parse(answer.body);
  const { status, title } = PROBLEM_KINDS[kind];
  expect(problem).toMatchObject({ type: `/problems/${kind}`, status, title, detail: expect.stringMatching(/\.$/) });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect('errors' in problem).toBe(kind === 'invalid-request');
  expect(problem.errors ?? ['none wanted']).not.toHaveLength(0);
  for (const each of problem.errors ?? [])
    expect(each).toEqual({ field: expect.any(String), detail: expect.any(String) });
  expect(api.everything()).toBe(before);
  expect((await api.apply(id, '1')).json).toEqual({ campaignId: id, userId: '1', sequence: 1, status: 'accepted' });
}

const areRefused = (cases: readonly Case[]) =>
  it.each(cases)('%s is refused as %s, and nothing is written', (_title, kind, call) =>
    isRefused(kind, requestText(call)),
  );

const applying = (more: Partial<Call> = {}): Call => ({
  method: 'POST',
  path: '/campaigns/{id}/applications',
  headers: [asUser('7')],
  ...more,
});

const withUsers = (...users: readonly string[]): Call => applying({ headers: users.map(asUser) });
const toCampaign = (path: string): Call => applying({ path: `/campaigns/${path}/applications` });

describe('a user id', () => {
  areRefused([
    ['0', 'invalid-user-id', withUsers('0')],
    ['a negative number', 'invalid-user-id', withUsers('-1')],
    ['a sign', 'invalid-user-id', withUsers('+1')],
    ['a leading zero', 'invalid-user-id', withUsers('01')],
    ['a fraction', 'invalid-user-id', withUsers('1.5')],
    ['an exponent', 'invalid-user-id', withUsers('1e3')],
    ['hexadecimal digits', 'invalid-user-id', withUsers('0x10')],
    ['2^63', 'invalid-user-id', withUsers('9223372036854775808')],
    ['20 digits', 'invalid-user-id', withUsers('12345678901234567890')],
    ['10,000 digits', 'invalid-user-id', withUsers('1'.repeat(10_000))],
    ['letters', 'invalid-user-id', withUsers('alice')],
    ['an emoji', 'invalid-user-id', withUsers('😀')],
    ['a digit of another script', 'invalid-user-id', withUsers('١')],
    ['a list', 'invalid-user-id', withUsers('1,2')],
    ['one sent twice', 'invalid-user-id', withUsers('7', '7')],
    ['one sent with another', 'invalid-user-id', withUsers('7', '8')],
    ['one sent with an empty one', 'invalid-user-id', withUsers('', '7')],
    ['an empty one', 'unauthenticated', withUsers('')],
    ['blanks', 'unauthenticated', withUsers('   ')],
    ['none', 'unauthenticated', withUsers()],
  ]);

  it('in bytes that are not UTF-8 is refused', () =>
    isRefused('invalid-user-id', requestText(withUsers('ÿþ')), 'latin1'));

  it('is refused in every place that wants one', async () => {
    await isRefused('invalid-user-id', requestText({ path: '/me/coupons', headers: [asUser('01')] }));
    await isRefused('unauthenticated', requestText({ path: '/me/coupons' }));
    await isRefused(
      'invalid-user-id',
      requestText({ path: '/campaigns/{id}/applications/me', headers: [asUser('0')] }),
    );
    await isRefused('unauthenticated', requestText({ path: '/campaigns/{id}/applications/me' }));
  });
});

describe('a campaign id', () => {
  areRefused([
    ['capitals', 'invalid-campaign-id', toCampaign('Welcome')],
    ['an encoded space', 'invalid-campaign-id', toCampaign('a%20b')],
    ['two dots', 'invalid-campaign-id', toCampaign('..')],
    ['encoded dots', 'invalid-campaign-id', toCampaign('%2e%2e')],
    ['64 characters', 'invalid-campaign-id', toCampaign('a'.repeat(64))],
    ['8,000 characters', 'invalid-campaign-id', toCampaign('a'.repeat(8_000))],
    ['an encoded slash', 'invalid-campaign-id', toCampaign('a%2Fb')],
    ['an encoded backslash', 'invalid-campaign-id', toCampaign('a%5Cb')],
    ['an encoded NUL', 'invalid-campaign-id', toCampaign('a%00')],
    ['an encoded newline', 'invalid-campaign-id', toCampaign('a%0A')],
    ['a broken escape', 'invalid-campaign-id', toCampaign('%zz')],
    ['half an escape', 'invalid-campaign-id', toCampaign('a%4')],
    ['an escape that is not UTF-8', 'invalid-campaign-id', toCampaign('%ff')],
    ['a leading hyphen', 'invalid-campaign-id', toCampaign('-a')],
    ['an underscore', 'invalid-campaign-id', toCampaign('a_b')],
    ['braces', 'invalid-campaign-id', toCampaign('{a}')],
    ['an unknown campaign', 'campaign-not-found', toCampaign('nobody-knows-it')],
    ['a bad one to look at', 'invalid-campaign-id', { path: '/campaigns/Welcome' }],
    ['a bad one of an operator', 'invalid-campaign-id', { path: '/admin/campaigns/Welcome', headers: [asAdmin] }],
    ['an unknown one to look at', 'campaign-not-found', { path: '/campaigns/nobody-knows-it' }],
    [
      'an unknown one of one application',
      'campaign-not-found',
      { path: '/campaigns/nobody-knows-it/applications/me', headers: [asUser('7')] },
    ],
    [
      'an unknown one of an operator',
      'campaign-not-found',
      { path: '/admin/campaigns/nobody-knows-it', headers: [asAdmin] },
    ],
    [
      'an application never made',
      'application-not-found',
      { path: '/campaigns/{id}/applications/me', headers: [asUser('7')] },
    ],
  ]);
});

describe('a path or a method', () => {
  areRefused([
    ['an unknown path', 'not-found', { path: '/nothing' }],
    ['the root', 'not-found', { path: '/' }],
    ['a trailing slash', 'not-found', { path: '/campaigns/{id}/' }],
    ['a path in capitals', 'not-found', { path: '/CAMPAIGNS/{id}' }],
    ['no campaign id', 'not-found', toCampaign('')],
    ['two slashes', 'not-found', { path: '//' }],
    ['an asterisk', 'not-found', { method: 'OPTIONS', path: '*' }],
    ['an absolute target that is no URL', 'invalid-request', { path: 'http://[' }],
    ['GET for POST', 'method-not-allowed', { path: '/campaigns/{id}/applications' }],
    ['DELETE', 'method-not-allowed', { method: 'DELETE', path: '/campaigns/{id}/applications' }],
    ['TRACE', 'method-not-allowed', { method: 'TRACE', path: '/campaigns/{id}' }],
    ['POST for PUT', 'method-not-allowed', { method: 'POST', path: '/admin/campaigns/{id}', headers: [asAdmin] }],
    ['PROPFIND', 'not-found', { method: 'PROPFIND', path: '/nothing' }],
    ['CONNECT', 'invalid-request', { method: 'CONNECT', path: 'example.org:443' }],
  ]);

  it('with another method is told which are allowed', async () => {
    const { headers } = await api.call({ method: 'DELETE', path: `/campaigns/${id}` });
    expect(headers.get('allow')).toBe('HEAD, GET, OPTIONS');
  });
});

const withBody = (body: string, type = 'application/json', more: readonly (readonly [string, string])[] = []): Call =>
  applying({ headers: [asUser('7'), ['Content-Type', type], ...more], body });

describe('an application', () => {
  areRefused([
    ['a body with a user', 'invalid-request', withBody('{"userId":"7"}')],
    ['a body with __proto__', 'invalid-request', withBody('{"__proto__":{}}')],
    ['two empty objects', 'invalid-request', withBody('{}{}')],
    ['an array', 'invalid-request', withBody('[]')],
    ['null', 'invalid-request', withBody('null')],
    ['text', 'invalid-request', withBody('hello')],
    ['half an object', 'invalid-request', withBody('{')],
    ['a body nested 1,000 deep', 'invalid-request', withBody('['.repeat(1_000) + ']'.repeat(1_000))],
    ['another content type', 'unsupported-media-type', withBody('{}', 'text/plain')],
    ['a type that only begins like JSON', 'unsupported-media-type', withBody('{}', 'application/jsonp')],
    ['a form', 'unsupported-media-type', withBody('a=b', 'application/x-www-form-urlencoded')],
    ['a coded body', 'unsupported-media-type', withBody('{}', 'application/json', [['Content-Encoding', 'gzip']])],
    ['a body over 16 KiB', 'payload-too-large', withBody(' '.repeat(16 * 1024 + 1))],
    ['a body of a megabyte', 'payload-too-large', withBody(' '.repeat(1024 * 1024))],
    ['a query', 'invalid-request', applying({ path: '/campaigns/{id}/applications?userId=8' })],
  ]);

  it('with a chunked body over 16 KiB is refused', () => {
    const chunk = `2000\r\n${' '.repeat(0x2000)}\r\n`;
    const headers = [asUser('7'), jsonType, ['Transfer-Encoding', 'chunked']] as const;
    return isRefused('payload-too-large', `${requestText(applying({ headers }))}${chunk.repeat(3)}0\r\n\r\n`);
  });

  it('whose length says too much is refused before the body has come', () =>
    isRefused('payload-too-large', requestText(applying({ headers: [asUser('7'), ['Content-Length', '99999999']] }))));

  it.each([
    ['campaign before caller', 'invalid-campaign-id', applying({ path: '/campaigns/A/applications', headers: [] })],
    ['caller before query', 'unauthenticated', applying({ path: '/campaigns/{id}/applications?a=b', headers: [] })],
    ['caller before body', 'unauthenticated', applying({ headers: [jsonType], body: 'x' })],
    ['body before the counter', 'invalid-request', applying({ path: '/campaigns/nobody/applications', body: 'x' })],
  ] as const)('is checked in its order: %s', (_title, kind, call) => isRefused(kind, requestText(call)));
});

const put = (body: string | object, more: Partial<Call> = {}): Call => ({
  method: 'PUT',
  path: '/admin/campaigns/another',
  headers: [asAdmin, jsonType],
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});
const patch = (body: string | object): Call => put(body, { method: 'PATCH', path: '/admin/campaigns/{id}' });
const manyFields = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 0]));
const terms = (more: object = {}): object => ({ name: 'Another', limit: 10, ...more });

describe('a campaign of an operator', () => {
  areRefused([
    ['no body', 'invalid-request', put('')],
    ['a body that is not JSON', 'invalid-request', put('{"name":')],
    ['two documents', 'invalid-request', put(`${JSON.stringify(terms())}{}`)],
    ['an array', 'invalid-request', put([])],
    ['null', 'invalid-request', put('null')],
    ['a body nested 1,000 deep', 'invalid-request', put(`{"name":${'['.repeat(1_000)}${']'.repeat(1_000)},"limit":1}`)],
    ['brackets only', 'invalid-request', put('['.repeat(16_000))],
    ['an unknown field', 'invalid-request', put(terms({ id: 'another' }))],
    ['thousands of unknown fields', 'invalid-request', put(terms(manyFields(1_400)))],
    ['__proto__', 'invalid-request', put('{"name":"Another","limit":10,"__proto__":{"limit":5}}')],
    ['constructor', 'invalid-request', put(terms({ constructor: 1 }))],
    [
      'another content type',
      'unsupported-media-type',
      put(terms(), { headers: [asAdmin, ['Content-Type', 'text/json']] }),
    ],
    ['a body over 16 KiB', 'payload-too-large', put(terms({ name: 'a'.repeat(20_000) }))],
    ['no name', 'invalid-request', put({ limit: 10 })],
    ['a blank name', 'invalid-request', put(terms({ name: ' ' }))],
    ['a name of 201 characters', 'invalid-request', put(terms({ name: 'a'.repeat(201) }))],
    ['no limit', 'invalid-request', put({ name: 'Another' })],
    ['limit 0', 'invalid-request', put(terms({ limit: 0 }))],
    ['limit -5', 'invalid-request', put(terms({ limit: -5 }))],
    ['limit 1.5', 'invalid-request', put(terms({ limit: 1.5 }))],
    ['a limit as text', 'invalid-request', put(terms({ limit: '10' }))],
    ['limit null', 'invalid-request', put(terms({ limit: null }))],
    ['limit true', 'invalid-request', put(terms({ limit: true }))],
    ['limit 2^31', 'invalid-request', put(terms({ limit: 2 ** 31 }))],
    ['limit 1e400', 'invalid-request', put('{"name":"Another","limit":1e400}')],
    [
      'an end before the start',
      'invalid-request',
      put(terms({ startsAt: '2026-12-02T00:00:00Z', endsAt: '2026-12-01T00:00:00Z' })),
    ],
    [
      'an end at the start',
      'invalid-request',
      put(terms({ startsAt: '2026-12-02T00:00:00Z', endsAt: '2026-12-02T00:00:00Z' })),
    ],
    ['a date without an offset', 'invalid-request', put(terms({ startsAt: '2026-12-01T00:00:00' }))],
    ['31 February', 'invalid-request', put(terms({ startsAt: '2026-02-31T00:00:00Z' }))],
    ['a date as a number', 'invalid-request', put(terms({ startsAt: 1_764_547_200_000 }))],
    ['an empty date', 'invalid-request', put(terms({ endsAt: '' }))],
    ['a query', 'invalid-request', put(terms(), { path: '/admin/campaigns/another?force=1' })],
    ['an empty patch', 'invalid-request', patch({})],
    ['a patch of something else', 'invalid-request', patch({ id: 'b' })],
    ['a patch to limit null', 'invalid-request', patch({ limit: null })],
    ['a patch to name null', 'invalid-request', patch({ name: null })],
    [
      'a patch that ends in the wrong order',
      'invalid-request',
      patch({ startsAt: '2026-12-02T00:00:00Z', endsAt: '2026-12-01T00:00:00Z' }),
    ],
    [
      'a patch of an unknown campaign',
      'campaign-not-found',
      put({ limit: 5 }, { method: 'PATCH', path: '/admin/campaigns/nobody' }),
    ],
    ['other content', 'campaign-exists', put(terms(), { path: '/admin/campaigns/{id}' })],
  ]);

  it('is told every field that is wrong, and no more than 20', async () => {
    const wrong = { name: 1, limit: '10', startsAt: 'soon', x: 1 };
    const { json } = await api.admin('PUT', '/admin/campaigns/another', wrong);
    expect(json.errors.map((each: { field: string }) => each.field).toSorted()).toEqual([
      'limit',
      'name',
      'startsAt',
      'x',
    ]);
    const many = await api.admin('PUT', '/admin/campaigns/another', manyFields(1_000));
    expect(many.json.errors).toHaveLength(20);
  });
});

const listing = (...headers: readonly (readonly [string, string])[]): Call => ({ path: '/admin/campaigns', headers });
const bearer = (token: string) => ['Authorization', token] as const;

describe('the admin token', () => {
  areRefused([
    ['none', 'unauthenticated', listing()],
    ['an empty one', 'unauthenticated', listing(bearer('Bearer'))],
    ['a wrong one', 'unauthenticated', listing(bearer('Bearer wrong'))],
    ['one of the same length', 'unauthenticated', listing(bearer(`Bearer ${'x'.repeat(ADMIN_TOKEN.length)}`))],
    ['a longer one', 'unauthenticated', listing(bearer(`Bearer ${ADMIN_TOKEN}x`))],
    ['the right one twice', 'unauthenticated', listing(asAdmin, asAdmin)],
    ['the right one after a wrong one', 'unauthenticated', listing(bearer('Bearer wrong'), asAdmin)],
    ['the right one before a wrong one', 'unauthenticated', listing(asAdmin, bearer('Bearer wrong'))],
    ['another scheme', 'unauthenticated', listing(bearer(`Basic ${ADMIN_TOKEN}`))],
    ['the bare token', 'unauthenticated', listing(bearer(ADMIN_TOKEN))],
    ['none, to open a campaign', 'unauthenticated', put(terms(), { headers: [jsonType] })],
    ['none, to change one', 'unauthenticated', { ...patch({ limit: 1 }), headers: [jsonType] }],
    ['none, to see one', 'unauthenticated', { path: '/admin/campaigns/{id}' }],
    ['none, to see failed events', 'unauthenticated', { path: '/admin/failed-events' }],
    ['none, to rebuild', 'unauthenticated', { method: 'POST', path: '/admin/campaigns/spring/rebuild' }],
    ['none, to republish', 'unauthenticated', { method: 'POST', path: '/admin/campaigns/spring/republish' }],
    ['none, to reissue all', 'unauthenticated', { method: 'POST', path: '/admin/failed-events/reissue' }],
    ['none, to reissue one', 'unauthenticated', { method: 'POST', path: '/admin/failed-events/1/reissue' }],
  ]);

  it('is asked for by its scheme', async () => {
    expect((await api.call(listing())).headers.get('www-authenticate')).toBe('Bearer');
    expect((await api.call(listing(bearer(`bEARER ${ADMIN_TOKEN}`)))).status).toBe(200);
  });
});

const coupons = (query: string): Call => ({ path: `/me/coupons?${query}`, headers: [asUser('1')] });
const failed = (query: string): Call => ({ path: `/admin/failed-events?${query}`, headers: [asAdmin] });

describe('a page', () => {
  areRefused([
    ['limit 0', 'invalid-request', coupons('limit=0')],
    ['limit 101', 'invalid-request', coupons('limit=101')],
    ['limit -1', 'invalid-request', coupons('limit=-1')],
    ['limit 1e1', 'invalid-request', coupons('limit=1e1')],
    ['a limit of nothing', 'invalid-request', coupons('limit=')],
    ['two limits', 'invalid-request', coupons('limit=1&limit=2')],
    ['a cursor that no page gave', 'invalid-request', coupons('cursor=abc')],
    ['an empty cursor', 'invalid-request', coupons('cursor=')],
    ['an unknown parameter', 'invalid-request', coupons('page=2')],
    ['__proto__', 'invalid-request', coupons('__proto__=2')],
    [
      'a cursor that no list of campaigns gave',
      'invalid-request',
      { path: '/admin/campaigns?cursor=%00', headers: [asAdmin] },
    ],
    ['an unknown status', 'invalid-request', failed('status=closed')],
    ['an empty status', 'invalid-request', failed('status=')],
    ['a bad campaign', 'invalid-request', failed('campaign=A')],
    ['a cursor that no list of failed events gave', 'invalid-request', failed('cursor=%F0%9F')],
    [
      'a rebuild of a bad campaign',
      'invalid-campaign-id',
      { method: 'POST', path: '/admin/campaigns/A/rebuild', headers: [asAdmin] },
    ],
    [
      'a rebuild with a query',
      'invalid-request',
      { method: 'POST', path: '/admin/campaigns/a/rebuild?epoch=9', headers: [asAdmin] },
    ],
    [
      'a republishing with a body',
      'invalid-request',
      { method: 'POST', path: '/admin/campaigns/a/republish', headers: [asAdmin, jsonType], body: '{"a":1}' },
    ],
    [
      'a republishing of an unknown campaign',
      'campaign-not-found',
      { method: 'POST', path: '/admin/campaigns/nobody-made/republish', headers: [asAdmin] },
    ],
    [
      'a reissue of a bad campaign',
      'invalid-request',
      { method: 'POST', path: '/admin/failed-events/reissue?campaign=A', headers: [asAdmin] },
    ],
    [
      'a reissue of a status',
      'invalid-request',
      { method: 'POST', path: '/admin/failed-events/reissue?status=open', headers: [asAdmin] },
    ],
    [
      'a reissue with a body',
      'invalid-request',
      { method: 'POST', path: '/admin/failed-events/reissue', headers: [asAdmin, jsonType], body: '{"a":1}' },
    ],
    [
      'a reissue of an unknown event',
      'not-found',
      { method: 'POST', path: '/admin/failed-events/4711/reissue', headers: [asAdmin] },
    ],
    [
      'a reissue of a malformed id',
      'not-found',
      { method: 'POST', path: '/admin/failed-events/1abc/reissue', headers: [asAdmin] },
    ],
  ]);

  it('with a wrong filter is told what is accepted', async () => {
    const { json } = await api.admin('GET', '/admin/failed-events?status=closed');
    expect(json.errors).toEqual([{ field: 'status', detail: 'must be one of open, reissued, void' }]);
  });
});

describe('what is not HTTP', () => {
  const head = 'POST /campaigns/{id}/applications HTTP/1.1\r\nHost: test\r\nX-User-Id: 7\r\n';
  it.each([
    ['a bad request line', 'invalid-request', 'HELLO\r\n\r\n'],
    ['an emoji in the path', 'invalid-request', 'GET /😀 HTTP/1.1\r\nHost: test\r\n\r\n'],
    ['an emoji in a header name', 'invalid-request', `${head}😀: 1\r\n\r\n`],
    ['a NUL in a header', 'invalid-request', `${head}X-A: \0\r\n\r\n`],
    ['two lengths', 'invalid-request', `${head}Content-Length: 0\r\nContent-Length: 1\r\n\r\n`],
    [
      'a length and chunks',
      'invalid-request',
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a length that is no number', 'invalid-request', `${head}Content-Length: x\r\n\r\n`],
    ['a broken chunk', 'invalid-request', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['no host', 'invalid-request', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['headers over 16 KiB', 'headers-too-large', `${head}X-A: ${'a'.repeat(20_000)}\r\n\r\n`],
  ] as const)('%s is refused as %s, and the connection closed', async (_title, kind, text) => {
    await isRefused(kind, text);
  });

  it('does not take the answer of a request before it', async () => {
    const text = await send(api.port, `${head.replace('{id}', id).replace(': 7', ': 1')}\r\nHELLO\r\n\r\n`);
    expect(text.split('HTTP/1.1 ')).toHaveLength(2);
    expect(parseAnswer(text)).toMatchObject({ status: 200 });
  });
});
