import { LARGEST_LIMIT } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { CONNECTIONS } from '../load/load-generator.ts';
import type { Figure, PreparedSuite, Readings, Scale, Suite } from '../suite.ts';
import { cpuFromNow } from '../support/cpu.ts';
import type { Installation } from '../support/installation.ts';
import { BenchCounter } from './counter/bench-counter.ts';
import { benchUser } from './counter/bench-users.ts';
import { byAdapter, byScript } from './counter/decisions.ts';
import { ScriptCalls } from './counter/script-calls.ts';
import { inTurn } from './turns.ts';

/** What the adapter sends at most. */
const FULL_BATCH = 32;
const DECISIONS = ['granted', 'refused'] as const;
type Decision = (typeof DECISIONS)[number];

const rate = (name: string, title: string): Figure => ({
  name,
  title,
  unit: '1/s',
  of: (readings) => readings[name] ?? Number.NaN,
});
const cost = (name: string, title: string): Figure => ({ ...rate(name, title), unit: 'µs' });

export const admissionScript: Suite = {
  name: 'admission-script',
  figures: [
    rate('script-granted-rate', 'script alone, 32 a call: granted'),
    rate('script-refused-rate', 'script alone, 32 a call: refused'),
    rate('single-granted-rate', 'script alone, one a call: granted'),
    rate('single-refused-rate', 'script alone, one a call: refused'),
    rate('adapter-granted-rate', 'through the adapter: granted'),
    rate('adapter-refused-rate', 'through the adapter: refused'),
    cost('script-granted-redis-cpu', 'Redis CPU per grant, 32 a call'),
    cost('script-refused-redis-cpu', 'Redis CPU per refusal, 32 a call'),
    cost('single-granted-redis-cpu', 'Redis CPU per grant, one a call'),
    cost('adapter-granted-redis-cpu', 'Redis CPU per grant, through the adapter'),
  ],
  notes: [
    `${CONNECTIONS} applications in flight over one connection; a grant includes the clearing of its pending mark, which later calls take along.`,
  ],
  prepare: async (installation, scale) =>
    new AdmissionScript(installation, await BenchCounter.connect(installation), scale),
};

class AdmissionScript implements PreparedSuite {
  readonly #installation: Installation;
  readonly #counter: BenchCounter;
  readonly #milliseconds: number;

  constructor(installation: Installation, counter: BenchCounter, { quick }: Scale) {
    this.#installation = installation;
    this.#counter = counter;
    this.#milliseconds = quick ? 200 : 1_000;
  }

  round(number: number): Promise<Readings> {
    const milliseconds = this.#milliseconds;
    const script = (batch: number) => (campaign: Campaign) =>
      byScript(campaign, { batch, calls: CONNECTIONS / batch, milliseconds });
    const adapter = (campaign: Campaign) => byAdapter(campaign, { inFlight: CONNECTIONS, milliseconds });
    const ways = { script: script(FULL_BATCH), single: script(1), adapter };
    const contestants = DECISIONS.flatMap((decision) =>
      Object.entries(ways).map(
        ([way, decide]) =>
          () =>
            this.#measure(`${way}-${decision}`, decision, decide),
      ),
    );
    return inTurn(number, contestants);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#counter[Symbol.dispose]();
  }

  async #measure(name: string, decision: Decision, decide: Decide): Promise<Readings> {
    const campaign = await this.#campaign(decision);
    const { redis } = await this.#installation.pids();
    const used = await cpuFromNow({ redis });
    const { decisions, seconds } = await decide(campaign);
    const cpu = await used();
    await this.#counter.remove(campaign[1]);
    return {
      [`${name}-rate`]: decisions / seconds,
      [`${name}-redis-cpu`]: (cpu.redis * 1e6) / decisions,
    };
  }

  /** For refusals it is sold out. */
  async #campaign(decision: Decision): Promise<Campaign> {
    if (decision === 'granted') return [this.#counter, await this.#counter.newCampaign(LARGEST_LIMIT), 'granted'];
    const id = await this.#counter.newCampaign(1);
    const first = new ScriptCalls(this.#counter, id, 'granted');
    await first.admit([benchUser(0)]);
    await first.end();
    return [this.#counter, id, 'sold-out'];
  }
}

type Campaign = readonly [counter: BenchCounter, id: CampaignId, expected: 'granted' | 'sold-out'];
type Decide = (campaign: Campaign) => Promise<{ readonly decisions: number; readonly seconds: number }>;
