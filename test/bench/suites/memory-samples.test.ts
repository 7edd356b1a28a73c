import { expect, test } from 'vitest';
import { growthOf, type MemorySample, mostOf } from '../../../bench/suites/memory/memory-samples.ts';

const MEBIBYTE = 2 ** 20;
const at = (progress: number, resident: number, heap = resident): MemorySample => ({
  progress,
  resident: resident * MEBIBYTE,
  heap: heap * MEBIBYTE,
});

test('growth is from the second tenth of a run to its last, and what happens in the first does not count', () => {
  const samples = [at(0.05, 50), at(0.15, 100), at(0.5, 300), at(0.95, 108)];
  expect(growthOf(samples, 'resident')).toBe(8);
});

test('a single look at garbage that is yet to be collected changes nothing', () => {
  const samples = [at(0.12, 100), at(0.15, 100), at(0.18, 180), at(0.92, 100), at(0.95, 101), at(0.98, 190)];
  expect(growthOf(samples, 'resident')).toBe(1);
});

test('of the heap counts the least that was seen, which is next to no garbage', () => {
  const samples = [at(0.12, 100, 90), at(0.18, 100, 40), at(0.92, 130, 42), at(0.98, 130, 95), at(1, 130, 120)];
  expect([growthOf(samples, 'resident'), growthOf(samples, 'heap')]).toEqual([30, 2]);
  expect(mostOf(samples, 'heap')).toBe(120);
});

test('a run of which nobody saw the end has no growth', () => {
  expect(() => growthOf([at(0.15, 100), at(0.5, 100)], 'resident')).toThrow('nobody looked between 0.9 and 1');
});
