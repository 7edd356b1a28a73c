import { expect, test } from 'vitest';
import { CONSUMER_FIGURES } from '../../../bench/suites/consumer/figures.ts';

const figure = (name: string, readings: Record<string, number>) =>
  CONSUMER_FIGURES.find((each) => each.name === name)?.of(readings);

test('the consumer is compared with whichever reference is slower', () => {
  const readings = { 'consumer-rate': 30, 'consume-only-rate': 100, 'bulk-insert-rate': 60, 'row-by-row-rate': 2 };
  expect(figure('consumer-vs-slower-reference', readings)).toBe(0.5);
  expect(figure('consumer-vs-slower-reference', { ...readings, 'consume-only-rate': 40 })).toBe(0.75);
  expect(figure('consumer-vs-row-by-row', readings)).toBe(15);
});

test('a rate that was not measured is not a number', () => {
  expect(figure('consumer-vs-slower-reference', { 'consumer-rate': 30, 'consume-only-rate': 100 })).toBeNaN();
});
