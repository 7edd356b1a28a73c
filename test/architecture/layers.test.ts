import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

interface Report {
  readonly diagnostics: readonly { readonly code?: string; readonly filename: string }[];
  readonly number_of_files: number;
}

const oxlint = (...args: string[]): Report => {
  const run = spawnSync(process.execPath, ['node_modules/oxlint/bin/oxlint', '-f', 'json', ...args], {
    encoding: 'utf8',
  });
  return JSON.parse(run.stdout) as Report;
};

/** Every file under `broken` that breaks a rule on purpose, and the rule. The other files are what these import. */
const EXPECTED: Readonly<Record<string, string>> = {
  'src/domain/imports-a-package.ts': 'eslint(no-restricted-imports)',
  'src/domain/imports-a-type-of-a-package.ts': 'eslint(no-restricted-imports)',
  'src/domain/imports-node.ts': 'eslint(no-restricted-imports)',
  'src/domain/imports-application.ts': 'eslint(no-restricted-imports)',
  'src/domain/asks-the-clock.ts': 'eslint(no-restricted-globals)',
  'src/domain/imports-in-a-circle-a.ts': 'import(no-cycle)',
  'src/domain/imports-in-a-circle-b.ts': 'import(no-cycle)',
  'src/application/imports-a-package.ts': 'eslint(no-restricted-imports)',
  'src/application/imports-an-adapter.ts': 'eslint(no-restricted-imports)',
  'src/application/imports-another-use-case.ts': 'eslint(no-restricted-imports)',
  'src/application/waits-by-itself.ts': 'eslint(no-restricted-globals)',
  'src/adapters/http/imports-a-foreign-package.ts': 'eslint(no-restricted-imports)',
  'src/adapters/kafka/imports-another-adapter.ts': 'eslint(no-restricted-imports)',
  'src/adapters/redis/imports-inversify.ts': 'eslint(no-restricted-imports)',
  'src/adapters/mikro-orm/imports-a-foreign-package.ts': 'eslint(no-restricted-imports)',
  'src/adapters/in-memory/imports-bootstrap.ts': 'eslint(no-restricted-imports)',
  'src/adapters/in-memory/imports-another-adapter.ts': 'eslint(no-restricted-imports)',
  'src/adapters/node/imports-in-memory.ts': 'eslint(no-restricted-imports)',
  'src/adapters/http/reads-the-environment.ts': 'eslint(no-restricted-globals)',
  'src/application/repeats-by-itself.ts': 'eslint(no-restricted-globals)',
  'src/domain/reads-the-environment.ts': 'eslint(no-restricted-globals)',
};

describe('the layer rules', () => {
  // The tree lies outside the project while it is linted: inside, the project's own lint would report it.
  const copy = mkdtempSync(join(tmpdir(), 'broken-layers-'));
  cpSync('test/architecture/broken', copy, { recursive: true });
  afterAll(() => rmSync(copy, { recursive: true }));

  it('report every file that breaks one', () => {
    const { diagnostics } = oxlint('-c', '.oxlintrc.json', copy);
    const reported = diagnostics.map(({ filename, code }) => [filename.slice(filename.indexOf('src/')), code]);
    expect(Object.fromEntries(reported)).toMatchObject(EXPECTED);
  });

  it('find nothing in src, having read all of it', () => {
    const report = oxlint('src');
    expect(report.diagnostics).toEqual([]);
    expect(report.number_of_files).toBe(globSync('src/**/*.ts').length);
    expect(report.number_of_files).toBeGreaterThan(60);
  });

  it('know every use case by its verb, so that none may call another', () => {
    const policies = [
      'campaign-comparison',
      'campaign-directory',
      'campaign-launch',
      'campaign-settlement',
      'campaign-standings',
      'counter-probe',
      'counter-rebuild',
      'each-in-turn',
      'event-log-index',
      'known-incarnation',
      'seen-counters',
      'several-at-once',
      'stale-grants',
    ];
    const verbs =
      /^(account|archive|rebuild|republish|apply|change|compare|find|finish|issue|keep|lead|list|open|reconcile|reissue|report|settle|show|void|watch)\b/;
    const files = globSync('src/application/*.ts').map((file) => basename(file, '.ts'));
    expect(files.filter((file) => !verbs.test(file)).toSorted()).toEqual(policies);
    expect(files.length).toBeGreaterThan(15);
  });
});
