import { Migration } from '@mikro-orm/migrations';

/**
 * Leases and steps of failed events, voids the counter has to be told of, archived campaigns, reconciliations.
 *
 * Can be run again like the first one: a column or key that is there already is left alone.
 */
export class SecondTables extends Migration {
  override async up(): Promise<void> {
    await this.#addColumn('failed_events', 'lease_owner', 'varchar(64) character set ascii collate ascii_bin null');
    await this.#addColumn('failed_events', 'lease_until', 'datetime(3) null');
    await this.#addColumn('burnt_sequences', 'told_at', 'datetime(3) null');
    await this.#addKey('burnt_sequences', 'untold', '(told_at, user_id)');
    await this.#addColumn('campaigns', 'archived_at', 'datetime(3) null');
    await this.#addColumn('campaigns', 'archived_granted', 'int unsigned null');
    this.addSql(`create table if not exists failed_event_steps (
      id bigint not null auto_increment primary key,
      failed_event_id bigint not null,
      at datetime(3) not null,
      actor varchar(16) character set ascii not null,
      step varchar(32) character set ascii not null,
      detail mediumtext character set utf8mb4 not null,
      key of_event (failed_event_id)
    )`);
    this.addSql(`create table if not exists reconciliations (
      campaign_id varchar(63) character set utf8mb4 collate utf8mb4_bin not null primary key,
      epoch int unsigned not null,
      watermark int unsigned not null,
      sampled_at datetime(3) not null,
      verified_at datetime(3) not null,
      disagreements int unsigned not null,
      report mediumtext character set utf8mb4 not null
    )`);
  }

  async #addColumn(table: string, column: string, definition: string): Promise<void> {
    if (await this.#has('columns', table, 'column_name', column)) return;
    this.addSql(`alter table ${table} add column ${column} ${definition}`);
  }

  async #addKey(table: string, key: string, columns: string): Promise<void> {
    if (await this.#has('statistics', table, 'index_name', key)) return;
    this.addSql(`alter table ${table} add key ${key} ${columns}`);
  }

  async #has(view: string, table: string, kind: string, name: string): Promise<boolean> {
    const sql = `select 1 from information_schema.${view}
      where table_schema = database() and table_name = ? and ${kind} = ? limit 1`;
    const rows: unknown = await this.execute(sql, [table, name]);
    return Array.isArray(rows) && rows.length > 0;
  }
}
