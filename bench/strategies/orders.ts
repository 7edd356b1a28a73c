import type { Campaign, Servers } from './strategy.ts';

/** What a process of a strategy is told first. */
export interface Orders {
  readonly strategy: string;
  readonly servers: Servers;
  readonly campaigns: readonly Campaign[];
}
