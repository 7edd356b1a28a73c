import type { Scheduler } from '../../domain/ports/scheduler.ts';

/** An abort without a reason makes an error of its own each time, and its stack. */
const DONE = 'done';

/** Rejects when the work takes longer than so many milliseconds; the work itself goes on. */
export async function within<T>(milliseconds: number, scheduler: Scheduler, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const timeout = scheduler.sleep(milliseconds, done.signal).then(() => {
    if (done.signal.aborted) return work;
    throw new Error(`no answer within ${milliseconds} ms`);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    done.abort(DONE);
  }
}
