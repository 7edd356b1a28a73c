import type { MySqlDriver } from '@mikro-orm/mysql'; export type Driver = MySqlDriver;
