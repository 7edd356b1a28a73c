import type { Dice } from './dice.ts';

const FUZZED = 'fuzzed';

const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ['POST', `/campaigns/${FUZZED}/applications`],
  ['POST', `/campaigns/${FUZZED}/applications`],
  ['GET', `/campaigns/${FUZZED}/applications/me`],
  ['GET', `/campaigns/${FUZZED}`],
  ['GET', '/me/coupons'],
  ['GET', '/admin/campaigns'],
  ['GET', `/admin/campaigns/${FUZZED}`],
  ['PUT', `/admin/campaigns/${FUZZED}`],
  ['PATCH', `/admin/campaigns/${FUZZED}`],
  ['GET', '/admin/failed-events'],
  ['POST', '/admin/failed-events/reissue'],
  ['POST', '/admin/failed-events/1/reissue'],
  ['POST', '/admin/failed-events/1/void'],
  ['POST', `/admin/campaigns/${FUZZED}/rebuild`],
  ['POST', `/admin/campaigns/${FUZZED}/republish`],
  ['GET', `/admin/campaigns/${FUZZED}/reconciliation`],
  ['GET', '/healthz'],
  ['GET', '/readyz'],
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const NO_METHODS = ['get', 'BREW', 'PRI', 'G\xc9T', '', 'CONNECT'];

/** Half of them are what the service knows. */
function route(dice: Dice): readonly [method: string, path: string] {
  const [method, path] = dice.of(['GET', '/'] as const, ...ROUTES);
  if (dice.chance(0.6)) return [method, path];
  if (dice.chance(0.05)) return [dice.of('', ...NO_METHODS), path];
  return [dice.of('GET', ...METHODS), dice.chance(0.5) ? path : oddPath(dice)];
}

const SEGMENTS = [
  'campaigns',
  'applications',
  'me',
  'admin',
  'coupons',
  '..',
  '.',
  '%2e%2e',
  '%00',
  '%zz',
  '%',
  '%c0%af',
];
const QUERIES = [
  'limit=1',
  'limit=0',
  'limit=1e2',
  'limit=99999999999999999999',
  'cursor=WyIxIl0',
  'cursor=%FF',
  'a=b',
];
const MORE_QUERIES = [
  `campaign=${FUZZED}`,
  'status=open',
  'status=',
  '__proto__=1',
  'limit=1&limit=2',
  '&&&===',
  '%00=%00',
  '?',
];

const segment = (dice: Dice): string =>
  dice.of(
    dice.of('a', ...SEGMENTS),
    encodeURIComponent(dice.bytes(8)),
    dice.bytes(8).replace(/[\s\0]/g, ''),
    'x'.repeat(dice.below(300)),
    String(dice.below(1e9) * dice.of(1, 1e9, 1e300)),
    '\u{1F600}\u00e9',
  );

const oddPath = (dice: Dice): string => `/${dice.times(5, () => segment(dice)).join(dice.of('/', '/', '//'))}`;

const query = (dice: Dice): string =>
  dice.chance(0.75)
    ? ''
    : `?${dice.times(3, () => dice.of('', ...QUERIES, ...MORE_QUERIES, encodeURIComponent(dice.bytes(10)))).join('&')}`;

/** What a request begins with. */
export function target(dice: Dice): readonly [method: string, target: string] {
  const [method, path] = route(dice);
  if (dice.chance(0.97)) return [method, path + query(dice)];
  return [
    method,
    dice.of('*', '', '//', 'http://', 'http://[', `http://host${path}`, 'a:443', `/${'y'.repeat(20_000)}`, '/#x'),
  ];
}
