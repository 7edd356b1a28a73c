import { body } from './bodies.ts';
import type { Dice } from './dice.ts';
import { target } from './targets.ts';

export interface Fuzz {
  /** What is sent, in Latin-1. */
  readonly bytes: string;
  /** The methods in the order of the requests, as far as the bytes say them; answers to HEAD have no body. */
  readonly methods: readonly string[];
  /** Otherwise the service may wait for the rest of it. */
  readonly isWhole: boolean;
}

const USERS = [
  '1',
  '2',
  '9223372036854775807',
  '9223372036854775808',
  '0',
  '-1',
  '01',
  '1e3',
  '1,2',
  ' 7 ',
  '',
  '\xb2',
  '0x1',
];
const TYPES = ['application/json; charset=utf-8', 'text/plain', 'application/jsonx', '', '\xff', 'application/json;;;'];
const ODD_HEADERS = [
  'Expect: 100-continue',
  'Expect: a-miracle',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Content-Encoding: gzip',
  'Connection: keep-alive, x-user-id',
  'Connection: close',
  'TE: trailers',
  'Host: other',
  'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'traceparent: \xff',
  'X-Forwarded-For: 1',
  'Accept: text/html;q=nonsense',
  'If-None-Match: *',
  'Range: bytes=0-0',
  'Cookie: a=b; a=b',
  'X-User-Id: 1',
];
const BROKEN_HEADERS = [
  'no colon',
  ': no name',
  'X Y: z',
  'X-User-Id : 1',
  'X-Nul: a\0b',
  ' folded: 1',
  'X-Bare: a\rb',
  'Content-Length: -1',
  'Content-Length: 0x10',
  'Content-Length: 5, 6',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, identity',
];

export function fuzz(dice: Dice, adminToken: string): Fuzz {
  const requests = dice.chance(0.1)
    ? [request(dice, adminToken), request(dice, adminToken), request(dice, adminToken)]
    : [request(dice, adminToken)];
  const methods = requests.map(({ method }) => method);
  const bytes = requests.map((each) => each.bytes).join('');
  if (dice.chance(0.12)) return { bytes: damaged(dice, bytes), methods, isWhole: false };
  return { bytes, methods, isWhole: requests.every((each) => each.isWhole) };
}

interface Request {
  readonly method: string;
  readonly bytes: string;
  readonly isWhole: boolean;
}

function request(dice: Dice, adminToken: string): Request {
  const [method, asked] = target(dice);
  const version = dice.chance(0.98) ? 'HTTP/1.1' : dice.of('HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', '');
  const isBroken = dice.chance(0.03);
  const headers = [
    ...(dice.chance(0.98) ? ['Host: test'] : []),
    ...(dice.chance(0.8) ? [`X-User-Id: ${dice.chance(0.7) ? dice.below(3_000) + 1 : dice.of('1', ...USERS)}`] : []),
    ...(dice.chance(0.8) ? [`Authorization: ${authorization(dice, adminToken)}`] : []),
    ...(dice.chance(0.15) ? [dice.of('X-A: b', ...ODD_HEADERS)] : []),
    ...(isBroken ? [dice.of('no colon', ...BROKEN_HEADERS)] : []),
    ...(dice.chance(0.005) ? [`X-Long: ${'h'.repeat(dice.of(8_000, 17_000))}`] : []),
    ...(dice.chance(0.005) ? Array.from({ length: 2_500 }, (_, index) => `X-${index}: 1`) : []),
  ];
  const content = body(dice);
  if (content !== '' && dice.chance(0.8)) {
    headers.push(`Content-Type: ${dice.chance(0.8) ? 'application/json' : dice.of('application/json', ...TYPES)}`);
  }
  const [framing, framed, isWhole] = framedBody(dice, content);
  const head = [`${method} ${asked} ${version}`, ...headers, ...framing].join('\r\n');
  return { method, bytes: `${head}\r\n\r\n${framed}`, isWhole: isWhole && !isBroken };
}

const authorization = (dice: Dice, adminToken: string): string =>
  dice.chance(0.8) ? `Bearer ${adminToken}` : dice.of('Bearer x', 'Basic', '', dice.bytes(20).replace(/[\r\n\0]/g, ''));

type Framed = readonly [headers: readonly string[], body: string, isWhole: boolean];

function framedBody(dice: Dice, content: string): Framed {
  const length = `Content-Length: ${content.length}`;
  if (dice.chance(0.15)) return [['Transfer-Encoding: chunked'], ...chunked(dice, content)];
  if (content === '') return [dice.of<readonly string[]>([], [length]), '', true];
  if (dice.chance(0.95)) return [[length], content, true];
  return dice.of<Framed>(
    [[`Content-Length: ${content.length + 1}`], content, false],
    [[`Content-Length: ${content.length - 1}`], content, false],
    [[length, length], content, false],
    [[length, 'Transfer-Encoding: chunked'], chunked(dice, content)[0], false],
    [[], content, false],
  );
}

function chunked(dice: Dice, content: string): readonly [body: string, isWhole: boolean] {
  const half = dice.below(content.length + 1);
  const chunks = [content.slice(0, half), content.slice(half)].filter((each) => each !== '');
  const extension = dice.chance(0.02) ? `;${'e'.repeat(20_000)}` : dice.of('', '', ';a=b');
  const written = chunks.map((each) => `${each.length.toString(16)}${extension}\r\n${each}\r\n`).join('');
  if (dice.chance(0.1)) return [written + dice.of('zz\r\n\r\n', ''), false];
  return [written + dice.of('0\r\n\r\n', '0\r\nX-Trailer: 1\r\n\r\n'), true];
}

/** A few bytes changed, left out or put in; or the end left out. */
function damaged(dice: Dice, bytes: string): string {
  if (dice.chance(0.2)) return bytes.slice(0, dice.below(bytes.length + 1));
  let text = bytes;
  for (let left = 1 + dice.below(3); left > 0; left -= 1) {
    const at = dice.below(text.length + 1);
    text = text.slice(0, at) + dice.bytes(2) + text.slice(at + dice.below(3));
  }
  return text;
}
