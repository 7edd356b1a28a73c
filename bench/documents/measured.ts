import type { Results } from '../support/results.ts';
import type { StrategyResults } from './strategy-results.ts';

/** What the documents are made of; null: not measured. */
export interface Measured {
  readonly bench: Results | null;
  readonly strategies: StrategyResults | null;
}
