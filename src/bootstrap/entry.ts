import type { Journal } from '../domain/ports/journal.ts';
import { ConfigurationError } from './config.ts';

/** Reads the configuration, or says everything that is wrong with it and ends the process with 1. */
export function configured<Config>(
  read: (environment: Readonly<Record<string, string | undefined>>) => Config,
): Config {
  try {
    return read(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    return process.exit(1);
  }
}

/**
 * Aborted by SIGTERM or SIGINT. A second one changes nothing: a group of processes and npm may both pass one on, and
 * stopping has a time limit of its own.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopping.abort(name));
  return stopping.signal;
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

type Step = readonly [name: string, stop: () => Promise<unknown> | undefined];

/**
 * Stops what was started, in the order given: whoever accepts work first, what that work needs last. A step that fails
 * does not keep the next ones from being taken; a process that has not ended in time ends with 1.
 */
export async function shutDown(log: Journal, timeout: number, steps: readonly Step[]): Promise<void> {
  const tooLate = setTimeout(() => {
    log.warn('not everything could be finished in time', { timeout });
    process.exit(1);
  }, timeout);
  for (const [name, stop] of steps) {
    try {
      await stop();
    } catch (error) {
      log.warn('a part did not stop in order', { part: name, error });
    }
  }
  log.info('stopped');
  // Still there for what may keep the process alive against all plans.
  tooLate.unref();
}
