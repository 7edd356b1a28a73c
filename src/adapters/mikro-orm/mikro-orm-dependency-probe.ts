import type { DependencyProbe, DependencyState } from '../../domain/ports/dependency-probe.ts';
import type { Database } from './database.ts';
import { errorNumber, NO_SUCH_TABLE } from './driver-error.ts';
import { MIGRATIONS, MIGRATIONS_TABLE } from './orm.ts';

const ANSWER_MS = 1_000;

const MIGRATIONS_MISSING: DependencyState = {
  status: 'unavailable',
  detail: 'migrations are missing: run npm run migrate',
};

/** MySQL is ready when it answers and every migration of this version has run; it never runs one itself. */
export class MikroOrmDependencyProbe implements DependencyProbe {
  readonly name = 'mysql';
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async check(): Promise<DependencyState> {
    try {
      const rows = await this.#database.read(
        (em) => em.execute<{ name: string }[]>(`select name from ${MIGRATIONS_TABLE}`),
        ANSWER_MS,
      );
      const applied = new Set(rows.map(({ name }) => name));
      return MIGRATIONS.every(({ name }) => applied.has(name)) ? { status: 'ready' } : MIGRATIONS_MISSING;
    } catch (error) {
      if (errorNumber(error) === NO_SUCH_TABLE) return MIGRATIONS_MISSING;
      return { status: 'unavailable', detail: error instanceof Error ? error.message : String(error) };
    }
  }
}
