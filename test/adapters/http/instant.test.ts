import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstant } from '../../../src/adapters/http/instant.ts';
import { utcText } from '../../../src/adapters/utc-text.ts';

describe('an instant', () => {
  it.each([
    ['2026-12-01T09:00:00Z', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01t09:00:00z', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01T09:00:00+09:00', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01T09:00:00-00:00', '2026-12-01T09:00:00.000Z'],
    ['2026-12-31T23:59:59-23:59', '2027-01-01T23:58:59.000Z'],
    ['2026-12-01T09:00:00.1Z', '2026-12-01T09:00:00.100Z'],
    ['2026-12-01T09:00:00.123999999Z', '2026-12-01T09:00:00.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('is read from %s', (text, expected) => {
    const read = readInstant(text);
    expect('instant' in read && utcText(read.instant)).toBe(expected);
  });

  it.each([
    ['no offset', '2026-12-01T09:00:00', /offset/],
    ['a blank', '2026-12-01 09:00:00Z', /date and time/],
    ['a date alone', '2026-12-01', /date and time/],
    ['no seconds', '2026-12-01T09:00Z', /date and time/],
    ['a fraction without digits', '2026-12-01T09:00:00.Z', /date and time/],
    ['ten digits of a second', '2026-12-01T09:00:00.1234567890Z', /date and time/],
    ['a short offset', '2026-12-01T09:00:00+9', /date and time/],
    ['something after it', '2026-12-01T09:00:00Z\n', /date and time/],
    ['31 February', '2026-02-31T00:00:00Z', /calendar/],
    ['29 February of a common year', '2026-02-29T00:00:00Z', /calendar/],
    ['29 February 2100', '2100-02-29T00:00:00Z', /calendar/],
    ['31 April', '2026-04-31T00:00:00Z', /calendar/],
    ['month 13', '2026-13-01T00:00:00Z', /calendar/],
    ['day 0', '2026-12-00T00:00:00Z', /calendar/],
    ['hour 24', '2026-12-01T24:00:00Z', /time of day/],
    ['a leap second', '2016-12-31T23:59:60Z', /leap second/],
    ['second 61', '2016-12-31T23:59:61Z', /time of day/],
    ['an offset of a day', '2026-12-01T09:00:00+24:00', /offset/],
    ['a year before 1970', '1969-12-31T23:59:59Z', /1970/],
    ['a year that is after 9999 in UTC', '9999-12-31T23:59:59-00:01', /9999/],
  ])('is not read from one with %s', (_title, text, why) => {
    expect(readInstant(text)).toEqual({ wrong: expect.stringMatching(why) });
  });

  it('is read back from what was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (instant) => {
        expect(readInstant(utcText(instant))).toEqual({ instant });
      }),
    );
  });
});
