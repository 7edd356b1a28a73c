import { Migration } from '@mikro-orm/migrations';

/**
 * Every statement can be run again: MySQL commits each of them at once, so that a migration that broke off is repeated.
 *
 * `coupons` has the natural clustered key and one more: a surrogate key would cost every insert a third index.
 * A failed event's slot columns are set only while it is open and holds a slot, which makes their keys its promise.
 */
export class FirstTables extends Migration {
  override up(): void {
    this.addSql(`create table if not exists installation (
      id tinyint not null primary key check (id = 1),
      installation char(36) character set ascii not null,
      incarnation bigint not null
    )`);
    this.addSql('insert into installation select 1, uuid(), 1 where not exists (select 1 from installation)');
    this.addSql(`create table if not exists campaigns (
      id varchar(63) character set utf8mb4 collate utf8mb4_bin not null primary key,
      name varchar(200) character set utf8mb4 not null,
      coupon_limit int unsigned not null,
      ceiling int unsigned not null,
      epoch int unsigned not null,
      minimum_epoch int unsigned not null,
      version int unsigned not null,
      starts_at datetime(3) null,
      ends_at datetime(3) null,
      created_at datetime(3) not null,
      opened_at datetime(3) null,
      opening_token varchar(64) character set utf8mb4 collate utf8mb4_bin null
    )`);
    this.addSql(`create table if not exists coupons (
      campaign_id varchar(63) character set utf8mb4 collate utf8mb4_bin not null,
      sequence int unsigned not null,
      user_id bigint not null,
      issued_at datetime(3) not null,
      primary key (campaign_id, sequence),
      unique key one_per_user (campaign_id, user_id)
    )`);
    this.addSql(`create table if not exists burnt_sequences (
      campaign_id varchar(63) character set utf8mb4 collate utf8mb4_bin not null,
      sequence int unsigned not null,
      user_id bigint null,
      reason varchar(200) character set utf8mb4 not null,
      burnt_at datetime(3) not null,
      primary key (campaign_id, sequence),
      key by_user (campaign_id, user_id)
    )`);
    this.addSql(`create table if not exists failed_events (
      id bigint not null auto_increment primary key,
      digest varchar(64) character set ascii collate ascii_bin not null,
      topic varchar(249) character set utf8mb4 collate utf8mb4_bin not null,
      topic_partition int not null,
      topic_offset bigint not null,
      reason varchar(32) character set ascii not null,
      detail mediumtext character set utf8mb4 not null,
      campaign_id varchar(63) character set utf8mb4 collate utf8mb4_bin null,
      user_id bigint null,
      sequence bigint null,
      epoch bigint null,
      granted_at bigint null,
      raw_key mediumblob null,
      raw_value mediumblob null,
      raw_headers mediumtext character set utf8mb4 collate utf8mb4_bin not null,
      raw_length bigint not null,
      holds_slot boolean not null,
      status varchar(16) character set ascii not null,
      attempts int unsigned not null,
      next_attempt_at datetime(3) null,
      created_at datetime(3) not null,
      updated_at datetime(3) not null,
      slot_sequence bigint generated always as (if(holds_slot and status = 'open', sequence, null)) stored,
      slot_user_id bigint generated always as (if(holds_slot and status = 'open', user_id, null)) stored,
      unique key one_event (digest, topic, topic_partition, topic_offset),
      unique key one_slot_per_sequence (campaign_id, slot_sequence),
      unique key one_slot_per_user (campaign_id, slot_user_id),
      key open_of_user (campaign_id, status, user_id),
      key due (status, next_attempt_at)
    )`);
  }
}
