import type { Instant } from '../domain/campaign.ts';

let latest = { instant: 0, text: new Date(0).toISOString() };

/** UTC with milliseconds and `Z`. In a burst many ask for the same millisecond. */
export function utcText(instant: Instant): string {
  if (latest.instant !== instant) latest = { instant, text: new Date(instant).toISOString() };
  return latest.text;
}
