import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Application {
  readonly campaignId: string;
  readonly userId: string;
}

/** What one press of the button was answered. */
export interface Answer extends Application {
  /** 0: there was no answer, and `failure` says why. */
  readonly status: number;
  readonly failure: string | null;
  /** The kind of the problem document. */
  readonly problem: string | null;
  readonly sequence: number | null;
  /** Milliseconds on the monotonic clock of this process. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface LoadPlan {
  /** Each connection keeps to one of them. */
  readonly urls: readonly string[];
  readonly connections: number;
  /** Absent: as fast as the answers come. */
  readonly perSecond?: number;
  /** Nothing is sent after so many milliseconds. */
  readonly within: number;
}

const MOST = 200_000;
const ANSWER_WITHIN = 15_000;

/** Plays applications over keep-alive connections, one at a time on each, and remembers every answer. */
export class Load {
  readonly answers: Answer[] = [];
  readonly inFlight = new Set<{ readonly sentAt: number }>();
  readonly done: Promise<readonly Answer[]>;
  readonly #applications: Iterator<Application>;
  readonly #plan: LoadPlan;
  readonly #startedAt = performance.now();
  #sent = 0;
  #stopped = false;

  constructor(applications: Iterable<Application>, plan: LoadPlan) {
    for (const url of plan.urls) if (new URL(url).hostname !== '127.0.0.1') throw new Error(`not this machine: ${url}`);
    this.#applications = applications[Symbol.iterator]();
    this.#plan = plan;
    const agent = new Agent({ keepAlive: true, maxSockets: plan.connections });
    const connections = Array.from({ length: plan.connections }, (_, index) => this.#press(agent, index));
    this.done = Promise.all(connections).then(() => {
      agent.destroy();
      return this.answers;
    });
  }

  /** Sends nothing more, and resolves when everything that was sent is answered. */
  stop(): Promise<readonly Answer[]> {
    this.#stopped = true;
    return this.done;
  }

  async #press(agent: Agent, connection: number): Promise<void> {
    const url = this.#plan.urls[connection % this.#plan.urls.length];
    for (;;) {
      const turn = (this.#sent * 1_000) / (this.#plan.perSecond ?? Number.POSITIVE_INFINITY);
      const elapsed = performance.now() - this.#startedAt;
      if (this.#stopped || this.#sent >= MOST || elapsed > this.#plan.within) return;
      if (turn > elapsed) {
        await sleep(turn - elapsed);
        continue;
      }
      const next = this.#applications.next();
      if (next.done === true) return;
      this.#sent += 1;
      const sent = { sentAt: performance.now() };
      this.inFlight.add(sent);
      const told = await press(agent, `${url}/campaigns/${next.value.campaignId}/applications`, next.value.userId);
      this.inFlight.delete(sent);
      this.answers.push({ ...next.value, ...told, ...sent, answeredAt: performance.now() });
    }
  }
}

/** Plays them all, and answers what was told. */
export const play = (applications: Iterable<Application>, plan: LoadPlan): Promise<readonly Answer[]> =>
  new Load(applications, plan).done;

type Told = Pick<Answer, 'status' | 'failure' | 'problem' | 'sequence'>;

const press = (agent: Agent, url: string, userId: string): Promise<Told> =>
  new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => {
      // The server closed a connection that was idle, while this was on its way: every client has to ask again then.
      if (sent.reusedSocket && error.code === 'ECONNRESET') resolve(press(agent, url, userId));
      else resolve({ status: 0, failure: error.code ?? error.message, problem: null, sequence: null });
    };
    const sent = request(url, { agent, method: 'POST', headers: { 'X-User-Id': userId } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve(toldBy(answer.statusCode ?? 0, text)));
      answer.on('error', fail);
    });
    sent.setTimeout(ANSWER_WITHIN, () => sent.destroy(new Error('timeout')));
    sent.on('error', fail);
    sent.end();
  });

function toldBy(status: number, text: string): Told {
  const body: { readonly type?: string; readonly sequence?: number } = JSON.parse(text);
  const problem = body.type?.replace('/problems/', '') ?? null;
  return { status, failure: null, problem, sequence: body.sequence ?? null };
}
