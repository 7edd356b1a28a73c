import { expect, it } from 'vitest';
import { isOutage, OutcomeUnknown, Unavailable } from '../../src/domain/outage.ts';
import { HAND_OVER_DEADLINE, PUBLISH_DEADLINE, SEND_TIMEOUT, STALE_AFTER } from '../../src/domain/publish-deadline.ts';

it('an outage is told from a bug, and keeps what the driver said', () => {
  const cause = new Error('ECONNREFUSED');
  expect(isOutage(new Unavailable('counter', 'away', cause))).toBe(true);
  expect(isOutage(new OutcomeUnknown('event-log', 'no answer'))).toBe(true);
  expect(isOutage(new TypeError('x is not a function'))).toBe(false);
  expect(new Unavailable('counter', 'away', cause).cause).toBe(cause);
});

it('whatever is handed over in time has been sent by the publish deadline, and is not stale before that', () => {
  expect(HAND_OVER_DEADLINE + SEND_TIMEOUT).toBeLessThanOrEqual(PUBLISH_DEADLINE);
  expect(STALE_AFTER).toBeGreaterThan(PUBLISH_DEADLINE);
});
