import type { SeenCounters } from '../../application/seen-counters.ts';
import type { Admission } from '../../domain/admission.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';
import { type Application, batchAdmissions, batchArguments, batchCounter } from './admission-batch.ts';
import type { FencedScripts } from './fenced-scripts.ts';
import { SettledMarks } from './settled-marks.ts';

/** Above this the server would serve nobody else for too long. */
const MOST_APPLICATIONS = 32;
const MOST_MARKS = 128;
/** Milliseconds: long enough that where people apply to many campaigns, the next application takes them along. */
const MARKS_WAIT = 200;

interface Waiting extends Application {
  readonly resolve: (admission: Admission) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends together what waits at the same moment: the applications of one turn of the event loop, in the order of their
 * arrival, with the marks that have gathered. Marks that no application takes along go by themselves.
 */
export class AdmissionQueue {
  readonly #scripts: FencedScripts;
  readonly #waiting = new Map<CampaignId, Waiting[]>();
  readonly #marks = new SettledMarks();
  readonly #seen: SeenCounters;
  #turnEnd: NodeJS.Immediate | null = null;
  #marksTimer: NodeJS.Timeout | null = null;

  constructor(scripts: FencedScripts, seen: SeenCounters) {
    this.#scripts = scripts;
    this.#seen = seen;
  }

  admit(campaignId: CampaignId, application: Application): Promise<Admission> {
    return new Promise((resolve, reject) => {
      const waiting = { ...application, resolve, reject };
      const others = this.#waiting.get(campaignId);
      if (others === undefined) this.#waiting.set(campaignId, [waiting]);
      else others.push(waiting);
      if (this.#turnEnd === null) this.#turnEnd = setImmediate(() => this.#sendApplications());
    });
  }

  settle(grant: Grant): void {
    this.#marks.add(grant);
    if (this.#marksTimer === null) this.#marksTimer = setTimeout(() => this.#sendMarks(), MARKS_WAIT).unref();
  }

  /** What is asked afterwards, over the same connection, finds these marks cleared. */
  sendMarksOf(campaignId: CampaignId): void {
    while (this.#marks.has(campaignId)) void this.#send(campaignId, []);
  }

  #sendApplications(): void {
    this.#turnEnd = null;
    const campaigns = [...this.#waiting];
    this.#waiting.clear();
    this.#scripts.inOneWrite(() => {
      for (const [campaignId, waiting] of campaigns) {
        for (let from = 0; from < waiting.length; from += MOST_APPLICATIONS) {
          void this.#send(campaignId, waiting.slice(from, from + MOST_APPLICATIONS));
        }
      }
    });
  }

  #sendMarks(): void {
    this.#marksTimer = null;
    this.#scripts.inOneWrite(() => {
      for (const campaignId of this.#marks.campaigns()) void this.#send(campaignId, []);
    });
    if (this.#marks.campaigns().length > 0) this.#marksTimer = setTimeout(() => this.#sendMarks()).unref();
  }

  /** Never rejects: each application hears for itself. Marks of a failed call are given up, not tried again. */
  async #send(campaignId: CampaignId, waiting: readonly Waiting[]): Promise<void> {
    const marks = this.#marks.take(campaignId, MOST_MARKS);
    try {
      const given = batchArguments(waiting, marks, this.#seen.of(campaignId));
      const outcome = await this.#scripts.ask('admit', campaignId, given, (reply) => {
        this.#seen.saw(campaignId, batchCounter(reply));
        return batchAdmissions(campaignId, waiting, reply);
      });
      waiting.forEach(({ resolve }, index) => {
        const admission = 'kind' in outcome ? outcome : outcome[index];
        if (admission !== undefined) resolve(admission);
      });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
