import type { PreparedSuite, Scale, Suite } from '../suite.ts';
import type { Installation } from '../support/installation.ts';

/** One optimisation beside what it replaced. */
export interface Try extends Omit<Suite, 'prepare'> {
  /** @param installed starts real servers; who needs none does not ask */
  prepare(installed: () => Promise<Installation>, scale: Scale): Promise<PreparedSuite>;
}
