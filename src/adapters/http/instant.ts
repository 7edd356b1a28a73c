import type { Instant } from '../../domain/campaign.ts';
import { utcText } from '../utc-text.ts';

/** RFC 3339, section 5.6; lower-case letters are allowed by its note. */
const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/i;

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export type ReadInstant = { readonly instant: Instant } | { readonly wrong: string };

/** Reads a date-time with an offset; what is finer than a millisecond is cut off. */
export function readInstant(text: string): ReadInstant {
  const parts = FORM.exec(text);
  if (!parts)
    return { wrong: 'must be a date and time with an offset, such as 2026-12-01T09:00:00+09:00 or …T00:00:00Z' };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  if (second === 60) return { wrong: 'must not be a leap second' };
  if (hour > 23 || minute > 59 || second > 59) return { wrong: 'must have a time of day from 00:00:00 to 23:59:59' };
  if (!isDay(year, month, day)) return { wrong: 'must be a day of the calendar' };
  const [sign = '+', hours = '00', minutes = '00'] = parts.slice(8, 11);
  if (Number(hours) > 23 || Number(minutes) > 59) return { wrong: 'must have an offset from -23:59 to +23:59' };
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const milliseconds = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const instant = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) - offset;
  if (instant < EARLIEST || instant > LATEST) return { wrong: 'must be in the years 1970 to 9999, in UTC' };
  return { instant };
}

/** `Date` would take the 31st of February for the 3rd of March, and the year 26 for 1926. */
function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

export const writeInstantOrNull = (instant: Instant | null): string | null =>
  instant === null ? null : utcText(instant);
