import { once } from 'node:events';
import type { MikroORM, SqlEntityManager } from '@mikro-orm/mysql';
import { DomainError } from '../../domain/domain-error.ts';
import { OutcomeUnknown, Unavailable } from '../../domain/outage.ts';
import { isDriverError } from './driver-error.ts';
import { connected } from './orm.ts';

const DEADLINE_MS = 5_000;
const ROLLBACK_MS = 1_000;

type Client = ReturnType<ReturnType<SqlEntityManager['getConnection']>['getClient']>;

/**
 * The one way to MySQL: nothing waits for ever, transactions are READ COMMITTED, and driver errors become outages.
 * What overstays its deadline has its session killed, whatever state that is in, so that no lock outlives its holder.
 */
export class Database {
  readonly #orm: MikroORM;

  constructor(orm: MikroORM) {
    this.#orm = orm;
  }

  /** Statements of their own, outside a transaction. */
  async read<T>(work: (em: SqlEntityManager) => Promise<T>, within = DEADLINE_MS): Promise<T> {
    const signal = AbortSignal.timeout(within);
    const answered = new AbortController();
    try {
      const answer = connected(this.#orm).then(() => work(this.#fork(signal)));
      // The signal ends a statement, but no connection that is still being made: that is left behind here.
      return await Promise.race([answer, abortOf(signal, answered.signal)]);
    } catch (error) {
      throw asOutage(error, false);
    } finally {
      // Or everything that was answered would be kept until the deadline: pages of a million rows.
      answered.abort('answered');
    }
  }

  /** One transaction: what `work` did is committed when it resolves, and rolled back when it rejects. */
  transaction<T>(work: (em: SqlEntityManager) => Promise<T>, within = DEADLINE_MS): Promise<T> {
    return this.#transaction(['read committed', 'start transaction'], work, within);
  }

  /** Everything that `work` reads is as it was at one moment; it locks nothing. */
  snapshot<T>(work: (em: SqlEntityManager) => Promise<T>, within = DEADLINE_MS): Promise<T> {
    const start = 'start transaction with consistent snapshot, read only';
    return this.#transaction(['repeatable read', start], work, within);
  }

  async #transaction<T>(
    [isolation, start]: readonly [isolation: string, start: string],
    work: (em: SqlEntityManager) => Promise<T>,
    within: number,
  ): Promise<T> {
    const signal = AbortSignal.timeout(within);
    let committing = false;
    try {
      await connected(this.#orm);
      return await this.#client()
        .connection()
        .execute(
          async (connection) => {
            const em = this.#fork(signal);
            em.setTransactionContext(connection);
            try {
              await em.execute(`set transaction isolation level ${isolation}`);
              await em.execute(start);
              const result = await work(em);
              committing = true;
              await em.execute('commit');
              return result;
            } catch (error) {
              await this.#rollBack(connection);
              throw error;
            }
          },
          { signal },
        );
    } catch (error) {
      throw asOutage(error, committing);
    }
  }

  /**
   * A lock-wait timeout rolls back only its statement, and an abort between two statements nothing at all.
   * Where the session was killed the transaction is gone with it, and this waits behind a statement that never ends:
   * hence the limit. The caller is told the first error in any case.
   */
  async #rollBack(connection: Client): Promise<void> {
    const signal = AbortSignal.timeout(ROLLBACK_MS);
    const em = this.#fork(signal);
    em.setTransactionContext(connection);
    const rolledBack = em.execute('rollback').catch(() => undefined);
    await Promise.race([rolledBack, once(signal, 'abort')]);
  }

  #fork(signal: AbortSignal): SqlEntityManager {
    return this.#orm.em.fork({ signal, inflightQueryAbortStrategy: 'kill session' });
  }

  #client(): Client {
    return this.#orm.em.getConnection().getClient();
  }
}

const abortOf = (signal: AbortSignal, unless: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: unless });
  });

function asOutage(error: unknown, committing: boolean): unknown {
  if (error instanceof DomainError || !isDriverError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return committing
    ? new OutcomeUnknown('database', `the database did not confirm a commit: ${reason}`, error)
    : new Unavailable('database', `the database could not be asked: ${reason}`, error);
}
