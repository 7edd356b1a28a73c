import { connect, createServer, type Server, type Socket } from 'node:net';
import { Passage } from './passage.ts';

/** What becomes of what is sent through a detour. */
export type Course =
  | { readonly kind: 'open' }
  /** Every connection is reset, and none can be made. */
  | { readonly kind: 'cut' }
  /** What is sent arrives so many milliseconds later, in both directions. */
  | { readonly kind: 'delayed'; readonly by: number }
  /** Requests arrive and are carried out; their answers do not arrive. */
  | { readonly kind: 'swallowing' };

/** The one way of one process to one server. */
export class Detour {
  readonly #sockets = new Set<Socket>();
  readonly #passages = new Set<Passage>();
  #course: Course = { kind: 'open' };

  private constructor(server: Server, target: number) {
    server.on('connection', (near) => this.#join(near, target));
  }

  static async open(port: number, target: number): Promise<Detour> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return new Detour(server, target);
  }

  /** Connections that swallowed answers are reset when it ends: what follows would be the answers of other questions. */
  take(course: Course): void {
    const reset = course.kind === 'cut' || this.#course.kind === 'swallowing';
    this.#course = course;
    if (reset) for (const socket of this.#sockets) socket.resetAndDestroy();
    for (const passage of this.#passages) passage.delay = this.#delay;
  }

  get #delay(): number {
    return this.#course.kind === 'delayed' ? this.#course.by : 0;
  }

  #join(near: Socket, port: number): void {
    if (this.#course.kind === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#lead(near, far, () => true);
    this.#lead(far, near, () => this.#course.kind !== 'swallowing');
  }

  #lead(from: Socket, to: Socket, passes: () => boolean): void {
    const passage = new Passage(to, this.#delay);
    this.#sockets.add(from);
    this.#passages.add(passage);
    from.on('data', (bytes) => {
      if (passes()) passage.push(bytes);
    });
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      this.#passages.delete(passage);
      passage.end();
    });
  }
}
