import type { ServerStack } from '../../../test/support/own-servers.ts';
import type { Campaign } from '../strategy.ts';
import type { Door } from './burst.ts';
import type { Section } from './result.ts';

/** What is compared: a strategy, or this service, on so many API processes. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  readonly processes: number;
  /** Absent: in every section. */
  readonly onlyIn?: Section['name'];
  /** Milliseconds in which nothing can be decided, and by which it is given more time than the others. */
  readonly standsStill?: number;
  /** On servers that hold nothing of others. Resolves when applications are taken for all of the campaigns. */
  start(servers: ServerStack, campaigns: readonly Campaign[]): Promise<Running>;
}

export interface Running extends AsyncDisposable {
  readonly doors: () => readonly Door[];
  /** Where `coupons` has the columns `campaign_id` and `user_id`. */
  readonly database: string;
  /** Kills one API process in the middle of what it does, and starts another in its place after so many milliseconds. */
  replaceApi(after: number): Promise<void>;
  /** Where there is one: stops an API process at the worst moment, and lets it go on when it resolves to true. */
  readonly pauseHolder?: (isOver: () => Promise<boolean>) => Promise<void>;
  /** Whether everything that was promised has been worked through. */
  isSettled(campaign: Campaign): Promise<boolean>;
  /** @throws Error where a process has ended that nobody has killed */
  check(): void;
}
