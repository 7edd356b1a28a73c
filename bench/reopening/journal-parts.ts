import type { ServiceProcess } from '../../test/support/service-process.ts';

interface Line {
  readonly time: string;
  readonly msg: string;
  readonly waited?: number;
  readonly snapshotTook?: number;
  readonly loadTook?: number;
}

/** What the leader says of one rebuild, in milliseconds. */
export interface JournalParts {
  /** From the loss until the leader had noticed it. */
  readonly notice: number;
  /** Closing every campaign, waiting out the publish deadline, publishing survivors again. */
  readonly wait: number;
  /** Until the consumers had passed the end of the log. */
  readonly drain: number;
  /** From then until the last campaign was open. */
  readonly replace: number;
  /** Of these, the longest of a single campaign. */
  readonly snapshot: number;
  readonly loadAndSwap: number;
}

/** Null until every campaign is reopened. */
export function journalParts(leader: ServiceProcess, lostAt: number, campaigns: number): JournalParts | null {
  const lines = leader.lines.flatMap((line): readonly Line[] => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const since = lines.filter(({ time }) => at(time) >= lostAt);
  const closed = since.find(({ msg }) => msg === 'campaign closed');
  const rested = since.findLast(({ msg }) => msg === 'everything that was granted is recorded');
  const reopened = since.filter(({ msg }) => msg === 'campaign reopened');
  const last = reopened.at(-1);
  if (closed === undefined || rested === undefined || last === undefined || reopened.length < campaigns) return null;
  const drain = rested.waited ?? 0;
  return {
    notice: at(closed.time) - lostAt,
    wait: at(rested.time) - at(closed.time) - drain,
    drain,
    replace: at(last.time) - at(rested.time),
    snapshot: Math.max(...reopened.map(({ snapshotTook = 0 }) => snapshotTook)),
    loadAndSwap: Math.max(...reopened.map(({ loadTook = 0 }) => loadTook)),
  };
}

const at = (time: string): number => Date.parse(time);
