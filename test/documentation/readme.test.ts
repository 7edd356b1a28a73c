import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_KINDS } from '../../src/adapters/http/problem-kinds.ts';
import {
  ConfigurationError,
  readApiConfig,
  readConsumerConfig,
  readStandaloneConfig,
} from '../../src/bootstrap/config.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';

const run = promisify(execFile);
const ENGLISH = 'README.md';
const KOREAN = 'README.ko.md';
const DOCUMENTS = [ENGLISH, KOREAN, ...globSync('docs/**/*.md')];

const read = (file: string): string => readFileSync(file, 'utf8');

interface Fence {
  readonly language: string;
  readonly text: string;
}

const FENCE = /^```(\w*)\n(.*?)^```$/gms;
const fencesOf = (markdown: string): readonly Fence[] =>
  [...markdown.matchAll(FENCE)].map(([, language = '', text = '']) => ({ language, text }));
const proseOf = (markdown: string): string => markdown.replaceAll(FENCE, '');
const headingLevels = (markdown: string): readonly string[] => proseOf(markdown).match(/^#+(?= )/gm) ?? [];

/** The rows of the one table whose head has these words, as cells. */
function tableOf(markdown: string, head: RegExp): readonly (readonly string[])[] {
  const lines = proseOf(markdown).split('\n');
  const at = lines.findIndex((line) => head.test(line));
  const rows = lines.slice(at + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe.each(DOCUMENTS)('%s', (file) => {
  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(file).matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g)];
    expect(named.map(([, script, short]) => script ?? short).filter((name) => !(name && name in scripts))).toEqual([]);
  });

  it('links only to files that exist', () => {
    const links = [...proseOf(read(file)).matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^(https?:|#)/.test(target)).map((target) => target.replace(/#.*$/, ''));
    expect(local.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([]);
  });
});

describe('the Korean README', () => {
  it('has the headings of the English one', () => {
    expect(headingLevels(read(ENGLISH)).length).toBeGreaterThan(10);
    expect(headingLevels(read(KOREAN))).toEqual(headingLevels(read(ENGLISH)));
  });

  it('has the code of the English one, in the same order', () => {
    expect(fencesOf(read(ENGLISH)).length).toBeGreaterThan(15);
    expect(fencesOf(read(KOREAN))).toEqual(fencesOf(read(ENGLISH)));
  });
});

/** What a process reads of the environment: the name of each variable, with its default where it has one. */
function readBy(reader: (environment: Record<string, string>) => object, optional: Record<string, string> = {}) {
  const required = problemsOf(() => reader({})).map((problem) => problem.split(' ')[0] ?? '');
  const given = Object.fromEntries(required.map((name) => [name, VALID[name] ?? '']));
  const entries = Object.entries(reader({ ...given, ...optional })).map(([name, value]) => {
    if (required.includes(name)) return [name, 'required'];
    return [name, name in optional ? 'optional' : `\`${value}\``];
  });
  return new Map(entries as [string, string][]);
}

const VALID: Readonly<Record<string, string>> = {
  REDIS_URL: 'redis://localhost',
  KAFKA_BROKERS: 'localhost:9092',
  MYSQL_URL: 'mysql://localhost/coupon',
  ADMIN_TOKEN: 'sixteen-letters!',
  AUTH_MODE: 'gateway',
};

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe.each([
  [ENGLISH, { required: 'required', optional: 'optional' }],
  [KOREAN, { required: '필수', optional: '선택' }],
])('the tables of %s', (file, words: Readonly<Record<string, string>>) => {
  it('name every variable of the configuration, with what each process makes of it', () => {
    const readers = [
      readBy(readApiConfig),
      readBy(readConsumerConfig),
      readBy(readStandaloneConfig, { ADMIN_TOKEN: 'sixteen-letters!' }),
    ];
    const rows = tableOf(read(file), /\| api \| consumer \| standalone \|/);
    const names = rows.map(([name = '']) => name.replaceAll('`', ''));
    const expected = names.map((name) =>
      readers.map((reader) => {
        const standing = reader.get(name) ?? '–';
        return words[standing] ?? standing;
      }),
    );
    expect(rows.map((row) => row.slice(1, 4))).toEqual(expected);

    const constants = read('src/bootstrap/config.ts').match(/\b[A-Z][A-Z_]{3,}\b/g) ?? [];
    const variables = new Set(constants.filter((name) => !/^(DEVELOPMENT_|NODE_ENV$)/.test(name)));
    expect(names.toSorted()).toEqual([...variables].toSorted());
  });

  it('name every kind of refusal with its status', () => {
    const rows = tableOf(read(file), /^\| kind \|/).map(([kind = '', status]) => [kind.replaceAll('`', ''), status]);
    const kinds = Object.entries(PROBLEM_KINDS).map(([kind, { status }]) => [kind, String(status)]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(kinds));
    expect(rows).toHaveLength(kinds.length);
  });
});

describe('the operations manual', () => {
  it('explains every line of the log, and every metric', () => {
    const sources = globSync('src/**/*.ts').map(read).join('\n');
    const lines = [...sources.matchAll(/\b(?:journal|log)\.(?:info|warn|error)\(\s*'([^']+)'/g)];
    const metrics = [...sources.matchAll(/\bname: '(\w+)',\s+help:/g)];
    const said = [...lines, ...metrics].map(([, text = '']) => text);
    expect(said.length).toBeGreaterThan(20);
    expect(said.filter((text) => !read('docs/operations.md').includes(`\`${text}\``))).toEqual([]);
  });
});

describe('the operations manual, on closed campaigns', () => {
  it('explains every reason for which a counter cannot decide', () => {
    const [, reasons = ''] = /UnknownReason = ([^;]+);/.exec(read('src/domain/admission.ts')) ?? [];
    const known = [...reasons.matchAll(/'([^']+)'/g)].map(([, reason = '']) => reason);
    expect(known.length).toBeGreaterThan(4);
    const explained = tableOf(read('docs/operations.md'), /^\| reason \| means \|/).map(([reason = '']) => reason);
    expect(known.filter((reason) => !explained.some((cell) => cell.startsWith(`\`${reason}\``)))).toEqual([]);
  });
});

describe('the requests of the README', () => {
  const fences = fencesOf(read(ENGLISH));
  const token = /ADMIN_TOKEN=(\S+) npm start/.exec(read(ENGLISH))?.[1] ?? '';
  const examples = fences.flatMap(({ language, text }, index) => {
    const shown = fences[index + 1];
    const isRequest = language === 'sh' && text.startsWith('curl ') && shown !== undefined;
    return isRequest ? [{ command: text, shown: shown.text }] : [];
  });

  let service: ReturnType<typeof spawn>;
  let address: string;

  beforeAll(async () => {
    const port = await freePort();
    address = `127.0.0.1:${port}`;
    // From the source, which Node runs as it is: this test needs no build, and can meet no old one.
    service = spawn(process.execPath, ['src/bootstrap/standalone.ts'], {
      env: { PATH: process.env['PATH'] ?? '', PORT: `${port}`, ADMIN_TOKEN: token },
      stdio: 'ignore',
    });
    await eventually(() => fetch(`http://${address}/readyz`), 30_000);
  }, 40_000);

  afterAll(async () => {
    const ended = once(service, 'close');
    service.kill('SIGKILL');
    await ended;
  });

  it('print what it says, in the order in which it shows them', { timeout: 60_000 }, async () => {
    expect(examples.length).toBe(4);
    for (const { command, shown } of examples) {
      const ask = async () => {
        const answered = await run('bash', ['-c', command.replaceAll('127.0.0.1:3000', address)]);
        expect(comparable(answered.stdout)).toEqual(comparable(shown));
      };
      // Only what changes nothing may be asked until the consumer has done its work.
      await (command.includes('-X ') ? ask() : eventually(ask));
    }
  });
});

/** Lines, with documents as values, and without what differs from one run to the next. */
const comparable = (output: string): readonly unknown[] =>
  output
    .replaceAll('\r', '')
    .replaceAll('}{', '}\n{')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'a time')
    .replace(/^Date: .*$/m, 'Date: a time')
    .trimEnd()
    .split('\n')
    .map((line) => (line.startsWith('{') ? JSON.parse(line) : line));
