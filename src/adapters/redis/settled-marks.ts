import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';

/** More marks than this are not kept: a lost one is harmless, memory that grows during an outage is not. */
const MOST_KEPT = 10_000;

/** Grants whose events are durable and whose pending marks are to be cleared. */
export class SettledMarks {
  readonly #byCampaign = new Map<CampaignId, Grant[]>();
  #kept = 0;

  add(grant: Grant): void {
    if (this.#kept === MOST_KEPT) return;
    const marks = this.#byCampaign.get(grant.campaignId);
    if (marks === undefined) this.#byCampaign.set(grant.campaignId, [grant]);
    else marks.push(grant);
    this.#kept += 1;
  }

  /** Takes out at most so many of a campaign; whoever takes them sees to it that they are sent. */
  take(campaignId: CampaignId, most: number): readonly Grant[] {
    const marks = this.#byCampaign.get(campaignId);
    if (marks === undefined) return [];
    const taken = marks.splice(0, most);
    if (marks.length === 0) this.#byCampaign.delete(campaignId);
    this.#kept -= taken.length;
    return taken;
  }

  has(campaignId: CampaignId): boolean {
    return this.#byCampaign.has(campaignId);
  }

  campaigns(): readonly CampaignId[] {
    return [...this.#byCampaign.keys()];
  }
}
