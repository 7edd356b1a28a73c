import type { MikroORM, MySqlConnection } from '@mikro-orm/mysql';
import type { Leadership } from '../../domain/ports/leadership.ts';
import { connected } from './orm.ts';

/** A leader that is frozen stops asking, and the server ends its session after this: less than ten seconds. */
const SESSION_SECONDS = 8;
const KEEP_ALIVE_MS = 2_000;
const ANSWER_MS = 1_000;

/** Locks have the whole server in common: each database has its own leader. 64 characters, the longest name allowed. */
const LOCK = "sha2(concat('leader of ', database()), 256)";

type Pool = ReturnType<Awaited<ReturnType<MySqlConnection['getNativeClient']>>['promise']>;
type Session = Awaited<ReturnType<Pool['getConnection']>>;

/** Leads as long as one session of its own holds a lock of the server. */
export class MikroOrmLeadership implements Leadership {
  readonly #orm: MikroORM;
  #session: Session | null = null;
  #keepAlive: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(orm: MikroORM) {
    this.#orm = orm;
  }

  async hold(): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#session !== null) return this.#stillHolds(this.#session);
      this.#session = await this.#acquire();
      if (this.#session === null) return false;
      const session = this.#session;
      // What it finds is for the server, which ends a silent session; the next `hold` asks for itself.
      this.#keepAlive = setInterval(() => void ownsLock(session), KEEP_ALIVE_MS).unref();
      return true;
    });
  }

  async release(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#session !== null) await ask(this.#session, `select release_lock(${LOCK}) as answer`);
      this.#drop();
    });
  }

  /** A lead that was lost is said to be lost before it is tried for again: somebody else may have led meanwhile. */
  async #stillHolds(session: Session): Promise<boolean> {
    if (await ownsLock(session)) return true;
    this.#drop();
    return false;
  }

  async #acquire(): Promise<Session | null> {
    const session = await this.#newSession();
    if (session === null) return null;
    // The time limit comes first: a process that freezes right after taking the lock would keep it for hours.
    const limited = await ask(session, `set session wait_timeout = ${SESSION_SECONDS}`);
    if (limited !== null && (await ask(session, `select get_lock(${LOCK}, 0) as answer`)) === 1) return session;
    if ((await ask(session, 'set session wait_timeout = default')) === null) session.destroy();
    else session.release();
    return null;
  }

  async #newSession(): Promise<Session | null> {
    let late = false;
    const session = connected(this.#orm)
      .then((orm) => orm.em.getConnection().getNativeClient())
      .then((pool) => pool.promise().getConnection());
    const inTime = session.then(
      (given) => {
        if (late) given.release();
        return given;
      },
      () => null,
    );
    const tooLate = new Promise<null>((resolve) => setTimeout(resolve, 2 * ANSWER_MS, null).unref());
    const first = await Promise.race([inTime, tooLate]);
    late = first === null;
    return first;
  }

  #drop(): void {
    clearInterval(this.#keepAlive);
    this.#session?.destroy();
    this.#session = null;
  }

  /** One question at a time, or two calls at once would take two sessions. */
  async #inTurn<T>(question: () => Promise<T>): Promise<T> {
    const answer = this.#turn.then(question);
    this.#turn = answer;
    return answer;
  }
}

const ownsLock = async (session: Session): Promise<boolean> =>
  (await ask(session, `select is_used_lock(${LOCK}) = connection_id() as answer`)) === 1;

/** The first row's answer; 0 where a statement has no rows; null where nothing was answered in time. */
async function ask(session: Session, sql: string): Promise<number | null> {
  const { promise: tooLate, resolve } = Promise.withResolvers<null>();
  // Not the driver's own limit, which begins when a question is sent: one that still waits behind another when the
  // session is destroyed is never answered at all, and whoever waited for it would believe for ever that he leads.
  const timer = setTimeout(resolve, ANSWER_MS, null);
  const answered = await Promise.race([session.query(sql).catch(() => null), tooLate]);
  clearTimeout(timer);
  if (answered === null) {
    // Frozen, killed or gone: a session that does not answer is not used again.
    session.destroy();
    return null;
  }
  const [rows] = answered;
  const [row] = Array.isArray(rows) ? (rows as { answer: number | null }[]) : [];
  return row?.answer ?? 0;
}
