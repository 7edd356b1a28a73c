import type { CampaignId } from '../domain/campaign-id.ts';
import { isOverdue, oldestPendingGrants } from '../domain/oldest-pending-grant.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { CampaignStandings } from './campaign-standings.ts';

/** Tells the operator, once for each change, in which campaigns grants stay pending beyond the time they were promised. */
export class WatchPendingGrants {
  readonly #standings: CampaignStandings;
  readonly #journal: Journal;
  #overdue: ReadonlySet<CampaignId> = new Set();

  constructor(standings: CampaignStandings, journal: Journal) {
    this.#standings = standings;
    this.#journal = journal;
  }

  async execute(): Promise<void> {
    const standings = await this.#standings.all();
    const overdue = new Map<CampaignId, number>();
    for (const grant of oldestPendingGrants(standings)) {
      if (isOverdue(grant)) overdue.set(grant.campaignId, grant.age / 1_000);
    }
    const remembered = new Set(overdue.keys());
    for (const [campaign, seconds] of overdue) {
      if (this.#overdue.has(campaign)) continue;
      this.#journal.warn('grants are pending beyond their time', { campaign, seconds });
    }
    for (const campaign of this.#overdue) {
      if (overdue.has(campaign)) continue;
      // While it is closed, nobody can say.
      if (standings.get(campaign)?.kind === 'unknown') remembered.add(campaign);
      else this.#journal.info('no grant is pending beyond its time any more', { campaign });
    }
    this.#overdue = remembered;
  }
}
