import type { CampaignTerms } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { OpeningHours } from '../../src/domain/ports/issuance-counter.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { nameOf, type SimulatedLog } from './simulated-log.ts';

type Numbered = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10';

/**
 * The invariants of the service, and besides them: nobody is shown what is not durable, terms are those last asked for,
 * every campaign is open at last, the service's own reconciliation agrees, and nothing fails in a way nobody planned.
 */
export type InvariantId = Numbered | 'undurable' | 'terms' | 'liveness' | 'report' | 'error';

export interface Violation {
  readonly invariant: InvariantId;
  readonly detail: string;
}

/** What a user was told of his sequence, the first time. */
interface Told {
  readonly sequence: number;
  readonly at: number;
}

/** One user in one campaign. */
export interface Applicant {
  readonly campaignId: CampaignId;
  readonly userId: UserId;
  /** When he first asked for a coupon. */
  sentAt: number;
  told: Told | null;
  /** The last sequence he was granted, whether he was told or not. */
  granted: Grant | null;
}

/** A change that an operator asked for: it may be in force from its beginning, and nothing before it any more from its end. */
export interface TermsChange {
  readonly begunAt: number;
  endedAt: number;
  readonly limit?: number;
  clamped?: boolean;
  readonly window?: Pick<CampaignTerms, 'startsAt' | 'endsAt'>;
}

/** Everything that ever happened, as nobody in the service can know it. */
export class History {
  readonly #log: SimulatedLog;
  readonly #now: () => number;
  readonly violations: Violation[] = [];
  readonly applicants = new Map<string, Applicant>();
  readonly changes = new Map<CampaignId, TermsChange[]>();
  readonly #refused = new Set<UserId>();
  readonly #owners = new Map<string, UserId>();
  readonly counts = { applications: 0, looks: 0, changes: 0, commands: 0, faults: new Map<string, number>() };

  constructor(log: SimulatedLog, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  violate(invariant: InvariantId, detail: string): void {
    this.violations.push({ invariant, detail: `at ${Math.round(this.#now())} ms: ${detail}` });
  }

  applicant(campaignId: CampaignId, userId: UserId): Applicant {
    const key = `${campaignId}/${userId}`;
    let applicant = this.applicants.get(key);
    if (applicant === undefined) {
      applicant = { campaignId, userId, sentAt: Number.POSITIVE_INFINITY, told: null, granted: null };
      this.applicants.set(key, applicant);
    }
    return applicant;
  }

  sent(campaignId: CampaignId, userId: UserId): void {
    this.counts.applications += 1;
    const applicant = this.applicant(campaignId, userId);
    applicant.sentAt = Math.min(applicant.sentAt, this.#now());
  }

  granted(grant: Grant, hours: OpeningHours): void {
    this.applicant(grant.campaignId, grant.userId).granted = grant;
    if (hours === 'respected') this.#checkHours(grant);
  }

  /** A user was shown a sequence, whatever else he was told with it. */
  told(campaignId: CampaignId, userId: UserId, sequence: number): void {
    const applicant = this.applicant(campaignId, userId);
    const name = nameOf({ campaignId, userId, sequence });
    if (!this.#log.appended.has(name)) this.violate('undurable', `${name} was told before it was durable`);
    if (applicant.told === null) applicant.told = { sequence, at: this.#now() };
    else if (applicant.told.sequence !== sequence) {
      this.violate('I7', `${name} was told ${applicant.told.sequence} before`);
    }
    const owner = this.#owners.get(`${campaignId}/${sequence}`);
    if (owner !== undefined && owner !== userId) this.violate('I4', `${name} was told to ${owner} before`);
    this.#owners.set(`${campaignId}/${sequence}`, userId);
  }

  /** The database refused the data of this user once. */
  refused(userId: UserId): void {
    this.#refused.add(userId);
  }

  wasRefused(userId: UserId): boolean {
    return this.#refused.has(userId);
  }

  fault(kind: string): void {
    this.counts.faults.set(kind, (this.counts.faults.get(kind) ?? 0) + 1);
  }

  changed(id: CampaignId, change: TermsChange): void {
    const changes = this.changes.get(id);
    if (changes) changes.push(change);
    else this.changes.set(id, [change]);
  }

  /** Which of the changes may be in force now: those that no later one, begun after their end, has replaced for certain. */
  inForce(id: CampaignId, concerns: (change: TermsChange) => boolean): readonly TermsChange[] {
    const changes = (this.changes.get(id) ?? []).filter(concerns);
    const replaced = Math.max(...changes.filter(({ endedAt }) => endedAt <= this.#now()).map(({ begunAt }) => begunAt));
    return changes.filter(({ endedAt }) => endedAt >= replaced);
  }

  highestLimit(id: CampaignId): number {
    return Math.max(...(this.changes.get(id) ?? []).map(({ limit }) => limit ?? 0));
  }

  #checkHours(grant: Grant): void {
    const windows = this.inForce(grant.campaignId, ({ window }) => window !== undefined);
    const isOpen = windows.some(({ window }) => {
      const startsAt = window?.startsAt ?? Number.NEGATIVE_INFINITY;
      const endsAt = window?.endsAt ?? Number.POSITIVE_INFINITY;
      return grant.grantedAt >= startsAt && grant.grantedAt < endsAt;
    });
    if (!isOpen) this.violate('I9', `${nameOf(grant)} was granted outside the opening hours`);
  }
}
