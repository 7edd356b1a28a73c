import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where scripts/services.sh installs MySQL and Kafka. */
export const SERVICES_ROOT = process.env['SERVICES_ROOT'] ?? '/opt/services';

const runs = (program: string, option: string): boolean =>
  spawnSync(program, [option], { stdio: 'ignore' }).status === 0;

/** What this machine lacks of the servers that tests start themselves. */
export function missingPrograms(): readonly string[] {
  const present = {
    Redis: runs('redis-server', '--version'),
    Kafka: existsSync(join(SERVICES_ROOT, 'kafka', 'libs')) && runs('java', '-version'),
    MySQL: existsSync(join(SERVICES_ROOT, 'mysql', 'usr', 'sbin', 'mysqld')),
  };
  return Object.entries(present).flatMap(([name, isPresent]) => (isPresent ? [] : [name]));
}
