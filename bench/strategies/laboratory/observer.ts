import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { ServerStack } from '../../../test/support/own-servers.ts';
import { cpuSecondsOf } from '../../support/cpu.ts';

export interface DatabaseUse {
  readonly cpuSeconds: number;
  /** As MySQL counts them, those of this observer left out. */
  readonly statements: number;
}

/** What MySQL shows of transactions is as old as this at most, in milliseconds, where nobody else looks. */
const VIEW_IS_RENEWED_AFTER = 110;

/** Looks at MySQL beside whoever uses it. */
export class Observer implements AsyncDisposable {
  readonly #pool: Pool;
  readonly #servers: ServerStack;
  #asked = 0;

  constructor(servers: ServerStack) {
    this.#servers = servers;
    this.#pool = createPool({ uri: servers.mysqlUrl('mysql'), connectionLimit: 1 });
  }

  async ask<Row>(sql: string, values: string[] = []): Promise<readonly Row[]> {
    this.#asked += 1;
    const [rows] = await this.#pool.query<(Row & RowDataPacket)[]>(sql, values);
    return rows;
  }

  async stored(database: string, campaignId: string): Promise<number> {
    const count = `select count(*) as coupons from ${database}.coupons where campaign_id = ?`;
    const [row] = await this.ask<{ readonly coupons: number }>(count, [campaignId]);
    return row?.coupons ?? 0;
  }

  /** One entry for every coupon. */
  async holders(database: string, campaignId: string): Promise<readonly string[]> {
    const list = `select cast(user_id as char) as holder from ${database}.coupons where campaign_id = ?`;
    return (await this.ask<{ readonly holder: string }>(list, [campaignId])).map(({ holder }) => holder);
  }

  async hasTransactionThatOnlyRead(): Promise<boolean> {
    await sleep(VIEW_IS_RENEWED_AFTER);
    const list = 'select trx_id from information_schema.innodb_trx where trx_rows_modified = 0';
    return (await this.ask(list)).length > 0;
  }

  /** Call the answer to learn what has been used since. */
  async useFromNow(): Promise<() => Promise<DatabaseUse>> {
    const before = await this.#use();
    return async () => {
      const { cpuSeconds, statements } = await this.#use();
      return { cpuSeconds: cpuSeconds - before.cpuSeconds, statements: statements - before.statements };
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  async #use(): Promise<DatabaseUse> {
    const pid = Number(await readFile(join(this.#servers.directory, 'mysql', 'pid'), 'utf8'));
    const [row] = await this.ask<{ readonly Value: string }>("show global status like 'Questions'");
    return { cpuSeconds: await cpuSecondsOf(pid), statements: Number(row?.Value) - this.#asked };
  }
}
