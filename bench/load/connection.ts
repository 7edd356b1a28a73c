import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';
import type { ApplyRequest } from './request.ts';

export interface Listener {
  /** So many of the bytes are the answer; they may be overwritten afterwards. */
  answered(connection: Connection, reader: AnswerReader, bytes: Buffer, length: number): void;
  lost(error: Error): void;
}

/** Every connection reads into the same memory, one after the other: an answer is dealt with before the next is read. */
const ARRIVALS = Buffer.allocUnsafeSlow(64 * 1024);
const READER = new AnswerReader();

/** One request at a time. */
export class Connection {
  request = 0;
  /** When the request in flight was sent, or was due. */
  since = 0;
  readonly #request: ApplyRequest;
  readonly #listener: Listener;
  readonly #socket: Socket;
  #parts: Buffer | null = null;
  #closed = false;

  constructor(port: number, request: ApplyRequest, listener: Listener) {
    this.#request = request;
    this.#listener = listener;
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: ARRIVALS,
        callback: (length) => {
          this.#read(length);
          return true;
        },
      },
    });
    const lost = (error?: Error): void => {
      if (!this.#closed) listener.lost(new Error('a connection was lost', { cause: error }));
    };
    this.#socket
      .on('error', lost)
      .on('end', lost)
      .on('close', () => lost());
  }

  opened(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('connect', resolve));
  }

  send(request: number, user: number, since: number): void {
    this.request = request;
    this.since = since;
    // Whoever got an answer has taken all of the request before: its bytes may be written anew.
    this.#request.write(request, user);
    this.#socket.write(this.#request.bytes);
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #read(length: number): void {
    const bytes = this.#parts === null ? ARRIVALS : Buffer.concat([this.#parts, ARRIVALS.subarray(0, length)]);
    const arrived = this.#parts === null ? length : bytes.length;
    let expected = 0;
    try {
      expected = READER.lengthOf(bytes, arrived);
    } catch (error) {
      this.#listener.lost(error as Error);
      return;
    }
    if (expected === arrived) {
      this.#parts = null;
      this.#listener.answered(this, READER, bytes, arrived);
    } else if (expected > arrived || expected === 0) {
      this.#parts = Buffer.from(bytes.subarray(0, arrived));
    } else this.#listener.lost(new Error(`more than one answer arrived: ${bytes.toString('latin1', 0, arrived)}`));
  }
}
