import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Burst, type BurstReport, type Door } from '../../../bench/strategies/laboratory/burst.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** An API that answers what it is told to. */
async function door(answer: (nth: number) => number | 'cut'): Promise<Door> {
  let asked = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked += 1;
    const status = answer(asked);
    const problem = { type: status === 409 ? '/problems/sold-out' : '/problems/unavailable' };
    if (status === 'cut') request.socket.destroy();
    else response.writeHead(status).end(JSON.stringify(status < 300 ? {} : problem));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, isOpen: true };
}

const users = (count: number) => Array.from({ length: count }, (_, user) => ({ userId: `${user + 1}`, presses: 1 }));

const burst = (doors: readonly Door[], count: number, within = 10_000): Promise<BurstReport> =>
  new Burst({ campaignId: 'c', crowd: users(count), connections: 1, doors: () => doors, within, pause: 1 }).run();

describe('a burst', () => {
  it('notes what every user was told, in order', async () => {
    const statuses = [202, 200, 409];
    const report = await burst([await door((nth) => statuses[nth - 1] ?? 500)], 3);
    expect([...report.told]).toEqual([
      ['1', ['accepted']],
      ['2', ['already']],
      ['3', ['sold-out']],
    ]);
    expect(report).toMatchObject({ requests: 3, errors: 0, usersServed: 3, wasStopped: false });
    expect(report.waits).toHaveLength(3);
    expect(report.acceptedAt).toHaveLength(1);
  });

  it('presses again after a 503 or a cut connection, at the other process, three times at most', async () => {
    const [cutting, busy] = [await door(() => 'cut'), await door((nth) => (nth === 1 ? 503 : 202))];
    const served = await burst([cutting, busy], 1);
    expect(served.told.get('1')).toEqual(['error', 'error', 'error', 'accepted']);
    expect(served).toMatchObject({ requests: 4, errors: 3, usersServed: 1 });
    expect(served.waits).toHaveLength(1);

    const unserved = await burst([await door(() => 503)], 1);
    expect(unserved.told.get('1')).toEqual(['error', 'error', 'error', 'error']);
    expect(unserved).toMatchObject({ requests: 4, errors: 4, usersServed: 0 });
  });

  it('sends nothing to a process that is closed, while another is open', async () => {
    const closed = { ...(await door(() => 500)), isOpen: false };
    const report = await burst([closed, await door(() => 202)], 3);
    expect(report).toMatchObject({ requests: 3, errors: 0, usersServed: 3 });
  });

  it('says that it was stopped where somebody had not pressed when time was up', async () => {
    const report = await burst([await door(() => 202)], 2, -1);
    expect(report).toMatchObject({ requests: 0, wasStopped: true, usersServed: 0 });
  });

  it('ends with an answer that no application can have', async () => {
    await expect(burst([await door(() => 500)], 1)).rejects.toThrow('answered 500');
  });
});
