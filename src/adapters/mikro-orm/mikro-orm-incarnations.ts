import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { Incarnation, Incarnations } from '../../domain/ports/incarnations.ts';
import type { Database } from './database.ts';

/** The one row of `installation`, which the first migration writes. */
export class MikroOrmIncarnations implements Incarnations {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async current(): Promise<Incarnation> {
    return this.#database.read(read);
  }

  async raise(): Promise<Incarnation> {
    return this.#database.transaction(async (em) => {
      await em.execute('update installation set incarnation = incarnation + 1');
      return read(em);
    });
  }
}

async function read(em: SqlEntityManager): Promise<Incarnation> {
  const [row] = await em.execute<{ installation: string; incarnation: number }[]>(
    'select installation, incarnation from installation',
  );
  if (row === undefined) throw new Error('the table installation has no row: the first migration was not finished');
  return { installation: row.installation, number: Number(row.incarnation) };
}
