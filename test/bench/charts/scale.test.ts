import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleFor } from '../../../bench/charts/scale.ts';
import { textWidth, wrapped } from '../../../bench/charts/text-width.ts';

const values = fc.array(fc.double({ min: 1e-4, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 12 });

describe('the scale of an axis', () => {
  it('has a place on the axis for every value, in their order', () => {
    fc.assert(
      fc.property(values, (all) => {
        const { at } = scaleFor([0, ...all]);
        const places = all.toSorted((a, b) => a - b).map(at);
        expect(places.every((place) => place > 0 && place <= 1 + 1e-9)).toBe(true);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(at(0)).toBe(0);
      }),
    );
  });

  it('has few ticks, the last of them at its end', () => {
    fc.assert(
      fc.property(values, (all) => {
        const { ticks, at } = scaleFor(all);
        expect(ticks.length).toBeLessThanOrEqual(13);
        expect(at(ticks.at(-1) ?? 0)).toBeCloseTo(1);
        expect(at(ticks[0] ?? 1)).toBeCloseTo(0);
      }),
    );
  });

  it('has round ticks', () => {
    expect(scaleFor([0.61, 0.88]).ticks).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(scaleFor([7, 40, 9_000]).ticks).toEqual([1, 10, 100, 1_000, 10_000]);
    expect(scaleFor([]).ticks).toEqual([0, 1]);
  });
});

describe('a wrapped text', () => {
  it('keeps its words, and has no line wider than asked where words are shorter', () => {
    const sentence = fc.array(fc.stringMatching(/^[a-zA-Z가-힣]{1,8}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sentence, (words) => {
        const lines = wrapped(words.join(' '), 14, 200);
        expect(lines.join(' ')).toBe(words.join(' '));
        expect(lines.every((line) => textWidth(line, 14) <= 200)).toBe(true);
      }),
    );
  });
});
