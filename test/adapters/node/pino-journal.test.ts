import { pino } from 'pino';
import { expect, it } from 'vitest';
import { PinoJournal } from '../../../src/adapters/node/pino-journal.ts';

it('writes a line of JSON for what the operator is told, with its details', () => {
  const lines: string[] = [];
  const journal = new PinoJournal(pino({}, { write: (line) => lines.push(line) }));
  journal.info('campaign reopened', { campaign: 'spring', epoch: 2 });
  journal.warn('leading');
  journal.error('a request failed', { error: new Error('outer', { cause: new Error('inner') }) });
  const written = lines.map((line) => JSON.parse(line));
  expect(written).toMatchObject([
    { level: 30, msg: 'campaign reopened', campaign: 'spring', epoch: 2 },
    { level: 40, msg: 'leading' },
    {
      level: 50,
      error: { message: 'outer', stack: expect.stringContaining('pino-journal'), cause: { message: 'inner' } },
    },
  ]);
});
