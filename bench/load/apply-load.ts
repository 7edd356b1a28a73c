import type { Reference } from '../references/reference.ts';
import { retireCampaigns } from '../suites/retire-campaigns.ts';
import { atRest } from '../support/at-rest.ts';
import { cpuFromNow } from '../support/cpu.ts';
import type { Installation, Role } from '../support/installation.ts';
import type { Asked, LoadGenerator } from './load-generator.ts';
import type { Report } from './plan.ts';
import { expectRefused } from './refused.ts';
import { expectStored } from './told-and-stored.ts';
import { UnexpectedAnswers } from './unexpected-answers.ts';

export interface Loaded {
  readonly report: Report;
  /** How often it was measured again. */
  readonly again: number;
  /** Seconds: of those who answer until the last answer, of those who store until everything is stored. */
  readonly cpu: Readonly<Partial<Record<Role | 'server' | 'generator', number>>>;
}

type How = Omit<Asked, 'campaigns' | 'expected'>;

const NEVER_SOLD_OUT = 100_000_000;
/** One request of so many is for a campaign that has coupons; all others are for one that is sold out. */
const WINNERS_ONE_IN = 1_000;
/** So often a load is measured again that was answered 503 here and there. */
const MOST_AGAIN = 2;
const wins = (request: number): boolean => request % WINNERS_ONE_IN === 0;

/** Loads of applications, each checked to the last coupon before its figures count. */
export class ApplyLoad {
  readonly #installation: Installation;
  readonly #generator: LoadGenerator;
  #soldOut: string | null = null;

  constructor(installation: Installation, generator: LoadGenerator) {
    this.#installation = installation;
    this.#generator = generator;
  }

  /** New users, in a campaign that has a coupon for each of them. */
  accepted(how: How): Promise<Loaded> {
    return this.#measured(async (campaign) => {
      const loaded = await this.#run({ ...how, campaigns: [campaign], expected: [202] }, campaign);
      await expectStored(this.#installation, campaign, loaded.report);
      return loaded;
    });
  }

  /** New users, of whom 0.1 % get a coupon: these come all the time, not first. */
  async refused(how: How): Promise<Loaded> {
    const soldOut = await this.#soldOutCampaign();
    return this.#measured(async (open) => {
      const campaigns = Array.from({ length: WINNERS_ONE_IN }, (_, index) => (wins(index) ? open : soldOut));
      const loaded = await this.#run({ ...how, campaigns, expected: [202, 409] }, open);
      await expectStored(this.#installation, open, loaded.report, wins);
      expectRefused(loaded.report, wins);
      return loaded;
    });
  }

  /** The same requests, to a server that does nothing with them. */
  async reference({ pid, port }: Reference, how: How): Promise<Loaded> {
    await atRest(this.#installation);
    const used = await cpuFromNow({ server: [pid], generator: [this.#generator.pid] });
    const campaign = await this.#soldOutCampaign();
    const report = await this.#generator.run({ ...how, ports: [port], campaigns: [campaign], expected: [202] });
    return { report, again: 0, cpu: await used() };
  }

  /**
   * In a campaign of its own, and again where the only fault was a 503: the answer of a service on a machine that stood
   * still for a moment, which is right, but measures nothing.
   */
  async #measured(run: (campaign: string) => Promise<Omit<Loaded, 'again'>>): Promise<Loaded> {
    for (let again = 0; ; again += 1) {
      const campaign = await this.#installation.newCampaign(NEVER_SOLD_OUT);
      try {
        const loaded = await run(campaign);
        await retireCampaigns(this.#installation, [campaign]);
        return { ...loaded, again };
      } catch (error) {
        if (!(error instanceof UnexpectedAnswers && error.areUnavailable) || again === MOST_AGAIN) throw error;
        console.error(`measured again: ${error.message.split('\n', 1).join()}`);
        await this.#installation.stored(campaign);
        await retireCampaigns(this.#installation, [campaign]);
      }
    }
  }

  async #run(asked: Asked, granting: string): Promise<Omit<Loaded, 'again'>> {
    await atRest(this.#installation);
    const used = await cpuFromNow({ ...(await this.#installation.pids()), generator: [this.#generator.pid] });
    const report = await this.#generator.run(asked);
    const answered = await used();
    await this.#installation.stored(granting);
    const { consumer, kafka, mysql } = await used();
    return { report, cpu: { ...answered, consumer, kafka, mysql } };
  }

  async #soldOutCampaign(): Promise<string> {
    if (this.#soldOut !== null) return this.#soldOut;
    const campaign = await this.#installation.newCampaign(1);
    const { status } = await this.#installation.client.apply(campaign, '1');
    if (status !== 202) throw new Error(`the first application in ${campaign} is answered ${status}`);
    this.#soldOut = campaign;
    return campaign;
  }
}
