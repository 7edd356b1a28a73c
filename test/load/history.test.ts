import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HistoryWriter, readHistory } from '../../scripts/load/history.ts';
import { eventually } from '../support/eventually.ts';

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'load-history-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'history.ndjson');
}

const press = (user: string, at: number) => ({ user, attempt: 1, to: '127.0.0.1:3000', at, sentAt: at + 0.5 });
const answer = { answeredAt: 12.125, status: 202, kind: 'accepted', sequence: 3, error: null };
const failure = { answeredAt: 14, status: 0, kind: 'broken', sequence: null, error: 'a "quoted"\nreason' };

it('reads back what was written, whatever the order of the answers', async () => {
  const writer = new HistoryWriter(newPath());
  const first = writer.sent(press('9223372036854775807', 1));
  const second = writer.sent({ ...press('2', 2), attempt: 3 });
  writer.answered(second, failure);
  writer.answered(first, answer);
  const third = writer.sent(press('3', 4));
  writer.close();
  expect(await readHistory(writer.path)).toEqual([
    { ...press('9223372036854775807', 1), n: 1, answer },
    { ...press('2', 2), n: 2, attempt: 3, answer: failure },
    { ...press('3', 4), n: third, answer: null },
  ]);
});

it('has on disk what is older than a moment, without being closed', async () => {
  const writer = new HistoryWriter(newPath());
  onTestFinished(() => writer.close());
  writer.answered(writer.sent(press('1', 1)), answer);
  await eventually(() => expect(readFileSync(writer.path, 'utf8')).toMatch(/"sequence":3.*\n$/), 2_000);
});

it('leaves out a torn last line', async () => {
  const writer = new HistoryWriter(newPath());
  writer.answered(writer.sent(press('1', 1)), answer);
  writer.close();
  const whole = readFileSync(writer.path, 'utf8');
  for (const torn of ['{', '{"n":2,"user":"2","att', '{"n":1,"answeredAt":1']) {
    writeFileSync(writer.path, whole);
    appendFileSync(writer.path, torn);
    expect(await readHistory(writer.path)).toEqual([{ ...press('1', 1), n: 1, answer }]);
  }
});

it('refuses a file that is torn anywhere else', async () => {
  const path = newPath();
  writeFileSync(path, '{"n":1,"us\n{"n":1,"user":"1","attempt":1,"to":"a:1","at":1,"sentAt":1}\n');
  await expect(readHistory(path)).rejects.toThrow('a line cannot be read');
  writeFileSync(path, '{"n":1,"answeredAt":1,"status":202,"kind":"accepted","sequence":1,"error":null}\n');
  await expect(readHistory(path)).rejects.toThrow('never sent');
});

it('never writes over another history', () => {
  const writer = new HistoryWriter(newPath());
  writer.close();
  expect(() => new HistoryWriter(writer.path)).toThrow('EEXIST');
});
