import type { Machine, Results } from '../support/results.ts';
import { shown } from '../support/table.ts';
import type { StrategyResults } from './strategy-results.ts';
import type { Words } from './words/words.ts';

const SERVERS: Readonly<Record<string, string>> = { node: 'Node', redis: 'Redis', mysql: 'MySQL', kafka: 'Kafka' };

type Measured = Pick<Results, 'date' | 'machine' | 'versions' | 'commit'>;

/** Where figures come from: the command, the day, the machine and what ran on it. */
export const originOf = (command: string, { date, machine, versions, commit }: Measured, words: Words): string =>
  `\`${command}\`, ${date.slice(0, 10)}, ${machineOf(machine, words)}; ${serversOf(versions)}; commit ${commit}.`;

export const benchCommand = ({ rounds }: Results): string => `npm run bench -- --rounds ${rounds}`;

export const strategiesCommand = ({ users, coupons, presses, connections, rounds }: StrategyResults): string =>
  `npm run bench:strategies -- --users ${users} --coupons ${coupons} --presses ${presses} --connections ${connections} --rounds ${rounds}`;

function machineOf({ cores, cpu, memoryGiB, kernel }: Machine, words: Words): string {
  return words.machine({ cores: shown(cores), cpu, memory: shown(memoryGiB), kernel });
}

const serversOf = (versions: Results['versions']): string =>
  Object.entries(SERVERS)
    .flatMap(([key, name]) => (versions[key] === undefined ? [] : [`${name} ${versions[key]}`]))
    .join(', ');

/** Everything else that was measured with, as npm knows it. */
export const packagesOf = (versions: Results['versions']): string =>
  Object.entries(versions)
    .flatMap(([name, version]) => (name in SERVERS ? [] : [`${name} ${version}`]))
    .join(', ');
