// The clock of a promise starts before the admission is sent, on a monotonic clock. All in milliseconds.
// A rebuild waits `PUBLISH_DEADLINE` after it closed the counter, and may then rely on it: whoever was, or will be,
// told "accepted" has his event in the log.

/** A grant is handed to the event log within this time after its admission was sent, or not at all. */
export const HAND_OVER_DEADLINE = 1_000;

/** How long the event log's client may take for one send. */
export const SEND_TIMEOUT = 1_000;

/** An acknowledgement later than this is answered "outcome unknown". */
export const PUBLISH_DEADLINE = HAND_OVER_DEADLINE + SEND_TIMEOUT;

/** A grant that is still pending after this was left behind by whoever should have published it. */
export const STALE_AFTER = 2 * PUBLISH_DEADLINE;
