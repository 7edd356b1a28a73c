import { isOutage } from '../../src/domain/outage.ts';

const MOST = 50;

/** What every caller does on an outage, a deadlock for example: it asks again. */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isOutage(error) || tried === MOST) throw error;
    }
  }
}
