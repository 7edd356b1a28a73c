import { randomUUID } from 'node:crypto';
import type { Scheduler } from '../../domain/ports/scheduler.ts';

export class NodeScheduler implements Scheduler {
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal?.addEventListener('abort', wake);
    });
  }

  random(): number {
    return Math.random();
  }

  token(): string {
    return randomUUID();
  }
}
