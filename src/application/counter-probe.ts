import type { CampaignId } from '../domain/campaign-id.ts';
import type { CounterStanding } from '../domain/counter-standing.ts';
import { FINAL_WITHIN } from '../domain/final-by.ts';
import { isOverdue, oldestPendingGrants } from '../domain/oldest-pending-grant.ts';
import type { DependencyProbe, DependencyState } from '../domain/ports/dependency-probe.ts';
import type { CampaignStandings } from './campaign-standings.ts';

const NAMED = 5;

/**
 * The counter is fit for work when its server is, and when campaigns are open. One closed campaign among open ones is
 * `degraded`: taking every API out of service would close the others too. So are grants that stay pending too long.
 */
export class CounterProbe implements DependencyProbe {
  readonly name = 'redis';
  readonly #server: DependencyProbe;
  readonly #standings: CampaignStandings;

  constructor(server: DependencyProbe, standings: CampaignStandings) {
    this.#server = server;
    this.#standings = standings;
  }

  async check(): Promise<DependencyState> {
    const server = await this.#server.check();
    if (server.status === 'unavailable') return server;
    try {
      return judge(server, await this.#standings.all());
    } catch (error) {
      return { status: 'unavailable', detail: error instanceof Error ? error.message : String(error) };
    }
  }
}

function judge(server: DependencyState, standings: ReadonlyMap<CampaignId, CounterStanding>): DependencyState {
  const closed: string[] = [];
  for (const [id, standing] of standings) if (standing.kind === 'unknown') closed.push(`${id} (${standing.reason})`);
  const overdue = oldestPendingGrants(standings).filter(isOverdue);
  const wrong: string[] = [];
  if (closed.length > 0) wrong.push(`being rebuilt: ${listOf(closed)}`);
  if (overdue.length > 0) {
    // Sorted, and without ages: the operator is told once for each change of this text.
    const ids = overdue.map(({ campaignId }) => campaignId).toSorted();
    wrong.push(`grants pending for longer than ${FINAL_WITHIN / 1_000} s: ${listOf(ids)}`);
  }
  if (wrong.length === 0) return server;
  const isUseless = closed.length === standings.size;
  return { status: isUseless ? 'unavailable' : 'degraded', detail: wrong.join('; ') };
}

const listOf = (names: readonly string[]): string =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? `, and ${names.length - NAMED} more` : '');
