import type { Dice } from './dice.ts';

const ODD_NUMBERS = [
  '0',
  '-1',
  '-0',
  '1.5',
  '1e3',
  '1e400',
  '9007199254740993',
  '2147483648',
  '99999999999999999999',
  'NaN',
  '0x10',
];
const TEXTS = [
  '"A"',
  '""',
  '" "',
  '"\\ud800"',
  '"\\u0000"',
  '"\u{1F600}"',
  'null',
  'true',
  '[]',
  '{}',
  `"${'n'.repeat(201)}"`,
];
const TIMES = [
  '"2026-12-01T00:00:00Z"',
  '"2026-12-01T00:00:00+09:00"',
  '"2026-02-31T00:00:00Z"',
  '"yesterday"',
  'null',
  '0',
];

function member(dice: Dice): string {
  return dice.of(
    `"name":${dice.of('"A"', ...TEXTS)}`,
    `"limit":${dice.of(String(1 + dice.below(2_000)), ...ODD_NUMBERS)}`,
    `"startsAt":${dice.of('null', ...TIMES)}`,
    `"endsAt":${dice.of('null', ...TIMES)}`,
    `"reason":${dice.of('"because"', ...TEXTS)}`,
    `"__proto__":{"limit":1}`,
    `"${encodeURIComponent(dice.bytes(6))}":${dice.of('1', ...TEXTS)}`,
  );
}

/** The body of a request, in Latin-1: its characters are its bytes. */
export function body(dice: Dice): string {
  if (dice.chance(0.5)) return '';
  if (dice.chance(0.4)) return `{"name":"Fuzzed","limit":${1 + dice.below(2_000)}}`;
  if (dice.chance(0.6)) return utf8(`{${dice.times(5, () => member(dice)).join(',')}}`);
  return dice.of(
    '{}',
    '{ }',
    '{',
    'null',
    '[[]]',
    '['.repeat(5_000),
    `{"name":${'['.repeat(2_000)}${']'.repeat(2_000)}}`,
    '\xef\xbb\xbf{}',
    '\xff\xfe',
    dice.bytes(100),
    `{"name":"${'z'.repeat(17_000)}"}`,
    'x'.repeat(16_384 + dice.below(3) - 1),
    utf8('{"name":"\u{1F600}\u00e9","limit":1}'),
  );
}

const utf8 = (text: string): string => Buffer.from(text.toWellFormed()).toString('latin1');
