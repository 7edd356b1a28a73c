import { connect } from 'node:net';
import { answersOf, complaintAbout } from './answers.ts';
import { Dice } from './dice.ts';
import { type Fuzz, fuzz } from './requests.ts';

export interface FuzzPlan {
  readonly port: number;
  readonly adminToken: string;
  readonly seed: number;
  /** The numbers of the requests. */
  readonly first: number;
  readonly requests: number;
}

export interface FuzzResult {
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Of at most so many connections, by the number of their request. */
  readonly complaints: readonly string[];
}

const AT_ONCE = 32;
const MOST_COMPLAINTS = 10;
/** After so many milliseconds, whoever may wait for the rest of a request is told that there is none. */
const PATIENCE = 200;
const DEADLINE = 15_000;
/** Behind every request: whatever came before, its answer, or a refusal, closes the connection. */
const LAST = 'GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n';

/** Sends requests that nobody should send, each on a connection of its own, and looks at what comes back. */
export async function fuzzAll(plan: FuzzPlan): Promise<FuzzResult> {
  const statuses = new Map<number, number>();
  const complaints: string[] = [];
  const end = plan.first + plan.requests;
  let next = plan.first;
  const work = async (): Promise<void> => {
    while (next < end && complaints.length < MOST_COMPLAINTS) {
      const number = next;
      next += 1;
      const asked = fuzz(new Dice(plan.seed, number), plan.adminToken);
      const complaint = await tried(plan.port, asked, statuses);
      if (complaint !== null)
        complaints.push(`request ${number}: ${complaint}; sent ${JSON.stringify(asked.bytes.slice(0, 400))}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { statuses, complaints };
}

async function tried(port: number, asked: Fuzz, statuses: Map<number, number>): Promise<string | null> {
  try {
    const received = await exchange(port, asked);
    const answers = answersOf(received, asked.methods);
    // Node drops what is in the works when the client says that nothing more comes.
    if (answers.length === 0 && asked.isWhole) return 'there is no answer';
    for (const answer of answers) {
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const complaint = complaintAbout(answer);
      if (complaint !== null) return complaint;
    }
    return null;
  } catch (error) {
    return String(error);
  }
}

/** Resolves with everything that came back when the service has closed the connection. */
function exchange(port: number, { bytes, isWhole }: Fuzz): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    const impatience = setTimeout(() => socket.end(), isWhole ? DEADLINE : PATIENCE);
    const deadline = setTimeout(() => {
      socket.destroy();
      reject(
        new Error(
          `the connection was not closed in ${DEADLINE} ms; received ${JSON.stringify(received.slice(0, 300))}`,
        ),
      );
    }, DEADLINE);
    socket
      .on('data', (text: string) => {
        received += text;
        impatience.refresh();
      })
      // A refusal in the middle of a request closes the connection, and what was still on its way there resets it.
      .on('error', (error: NodeJS.ErrnoException) => {
        if (received === '' && error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      })
      .once('close', () => {
        clearTimeout(impatience);
        clearTimeout(deadline);
        resolve(received);
      })
      .write(bytes + LAST, 'latin1');
  });
}
