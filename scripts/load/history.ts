import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A request as it was sent. Times are milliseconds since 1970 on a clock that never jumps while the tester runs. */
export interface Press {
  /** Of the request in its history, from 1. */
  readonly n: number;
  readonly user: string;
  /** 1, and more for what is asked again after a 503, a timeout or a broken connection. */
  readonly attempt: number;
  /** Host and port. */
  readonly to: string;
  /** When it was meant to be sent: latency counts from here. */
  readonly at: number;
  readonly sentAt: number;
}

export interface Answer {
  readonly answeredAt: number;
  /** 0: there was no answer. */
  readonly status: number;
  /** `accepted`, the kind of the problem document, or what became of the request: `timeout`, `broken`, `not-understood`. */
  readonly kind: string;
  /** Null where none was told, or the answer is about another user or campaign. */
  readonly sequence: number | null;
  /** Why there was no answer that could be understood. */
  readonly error: string | null;
}

/** `answer` is null where the tester ended before there was one. */
export interface Exchange extends Press {
  readonly answer: Answer | null;
}

const FLUSH_EVERY = 100;
const HIGH_WATER = 1 << 20;

/** The time of this process: monotonic, and comparable with other processes on the machine. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Appends every request and every answer to a new file; a crash loses the last 100 ms at most. */
export class HistoryWriter {
  readonly path: string;
  readonly #file: number;
  readonly #timer: NodeJS.Timeout;
  #buffer = '';
  #n = 0;
  #failure: unknown;
  #closed = false;

  /** @throws Error where the file exists or cannot be written */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'wx');
    this.#timer = setInterval(() => this.#flush(), FLUSH_EVERY).unref();
  }

  /** Why nothing can be written any more; undefined while all is well. */
  get failure(): unknown {
    return this.#failure;
  }

  sent(press: Omit<Press, 'n'>): number {
    this.#n += 1;
    const { user, attempt, to, at, sentAt } = press;
    this.#append(
      `{"n":${this.#n},"user":"${user}","attempt":${attempt},"to":"${to}","at":${at.toFixed(3)},"sentAt":${sentAt.toFixed(3)}}\n`,
    );
    return this.#n;
  }

  answered(n: number, { answeredAt, status, kind, sequence, error }: Answer): void {
    this.#append(
      `{"n":${n},"answeredAt":${answeredAt.toFixed(3)},"status":${status},"kind":${JSON.stringify(kind)},"sequence":${sequence},"error":${JSON.stringify(error)}}\n`,
    );
  }

  /** @throws Error where something could not be written */
  close(): void {
    if (!this.#closed) {
      this.#closed = true;
      clearInterval(this.#timer);
      this.#flush();
      closeSync(this.#file);
    }
    if (this.#failure !== undefined) throw new Error(`${this.path} could not be written`, { cause: this.#failure });
  }

  #append(line: string): void {
    if (this.#closed) return;
    this.#buffer += line;
    if (this.#buffer.length >= HIGH_WATER) this.#flush();
  }

  #flush(): void {
    if (this.#failure !== undefined || this.#buffer === '') return;
    const bytes = Buffer.from(this.#buffer);
    this.#buffer = '';
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      this.#failure = error;
    }
  }
}

/**
 * In the order of sending. A torn last line is what a crash leaves, and is left out.
 *
 * @throws Error where any other line cannot be read
 */
export async function readHistory(path: string): Promise<readonly Exchange[]> {
  const exchanges: { -readonly [Key in keyof Exchange]: Exchange[Key] }[] = [];
  let torn: string | null = null;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (torn !== null) throw new Error(`${path}: a line cannot be read: ${torn}`);
    const entry = parse(line);
    if (entry === null) {
      torn = line;
    } else if ('user' in entry) {
      exchanges[entry.n - 1] = { ...entry, answer: null };
    } else {
      const { n, ...answer } = entry;
      const exchange = exchanges[n - 1];
      if (exchange === undefined) throw new Error(`${path}: request ${n} is answered, and was never sent`);
      exchange.answer = answer;
    }
  }
  return exchanges;
}

function parse(line: string): Press | (Answer & { readonly n: number }) | null {
  try {
    return JSON.parse(line) as Press | (Answer & { readonly n: number });
  } catch {
    return null;
  }
}
