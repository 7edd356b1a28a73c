import { createRequire } from 'node:module';

interface RequestQueue {
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  throttledUntil: number;
  pending: readonly unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

/** How soon a request that waits for a free place is looked at again; kafkajs's own interval. */
const CHECK_INTERVAL = 10;

/**
 * kafkajs 2.2.4 sets a timer of -1 ms again and again on every idle connection: a loop that burns CPU while nothing
 * happens, and a TimeoutNegativeWarning since Node 24 (kafkajs issue 1751, open). With this it sets one only while
 * something waits or the broker throttles.
 */
export function calmRequestQueueTimer(): void {
  const { prototype }: { prototype: RequestQueue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.throttleCheckTimeoutId !== null) return;
    const throttledFor = this.throttledUntil - Date.now();
    if (throttledFor <= 0 && this.pending.length === 0) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledFor > 0 ? throttledFor : CHECK_INTERVAL,
    );
  };
}
