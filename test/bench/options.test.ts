import { expect, test } from 'vitest';
import { readOptions } from '../../bench/support/options.ts';

const SUITES = ['api', 'latency'];

test('without arguments every suite runs five rounds and nothing is written', () => {
  const expected = { quick: false, rounds: 5, requests: 10_000_000, only: [], json: null, help: false };
  expect(readOptions([], SUITES)).toEqual(expected);
});

test('a quick run has one round unless it is told otherwise', () => {
  expect(readOptions(['--quick'], SUITES)).toMatchObject({ quick: true, rounds: 1 });
  expect(readOptions(['--quick', '--rounds', '2'], SUITES)).toMatchObject({ quick: true, rounds: 2 });
});

test('suites are named with commas between them, and one that does not exist is refused', () => {
  expect(readOptions(['--only', 'latency,api', '--json', 'out.json'], SUITES)).toMatchObject({
    only: ['latency', 'api'],
    json: 'out.json',
  });
  expect(() => readOptions(['--only', 'api,speed'], SUITES)).toThrow('there is no speed among api, latency');
});

test.each(['0', '-1', '1.5', 'many', ''])('%j is no number of rounds', (rounds) => {
  expect(() => readOptions([`--rounds=${rounds}`], SUITES)).toThrow('--rounds takes a whole number from 1');
});

test.each(['999', '-1', '1.5', 'many'])('%j is no number of requests', (requests) => {
  expect(() => readOptions([`--requests=${requests}`], SUITES)).toThrow('--requests takes a whole number from 1000');
});

test('an argument that is not known is refused', () => {
  expect(() => readOptions(['--fast'], SUITES)).toThrow("Unknown option '--fast'");
});
