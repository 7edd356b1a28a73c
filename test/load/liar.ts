import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface LiarOptions {
  readonly limit: number;
  readonly lie?: 'oversells' | 'tells-one-sequence-twice' | 'issues-nothing' | 'forgets';
  /** How often a user's page says `accepted` before it says `issued`. */
  readonly settlesAfter?: number;
  /** What it does with a request before it thinks about it; true: it has been answered. */
  readonly first?: (count: number, response: ServerResponse) => boolean | Promise<boolean>;
}

/** A coupon service of forty lines, on a free port until the test ends, which may lie. */
export async function startLiar({ limit, lie, first, settlesAfter = 0 }: LiarOptions) {
  const sequences = new Map<string, number>();
  const looks = new Map<string, number>();
  let requests = 0;
  const apply = (user: string): readonly [number, object] => {
    const known = sequences.get(user);
    if (known !== undefined && lie === 'forgets') return [409, { type: '/problems/sold-out' }];
    if (known !== undefined) return [200, { campaignId: 'liar', userId: user, sequence: known, status: 'accepted' }];
    if (sequences.size >= limit && lie !== 'oversells') return [409, { type: '/problems/sold-out' }];
    const sequence = lie === 'tells-one-sequence-twice' ? Math.max(1, sequences.size) : sequences.size + 1;
    sequences.set(user, sequence);
    return [202, { campaignId: 'liar', userId: user, sequence, status: 'accepted' }];
  };
  const me = (user: string): readonly [number, object] => {
    const sequence = sequences.get(user);
    if (sequence === undefined || (lie === 'issues-nothing' && sequence === 3)) return [404, {}];
    const looked = looks.get(user) ?? 0;
    looks.set(user, looked + 1);
    const status = looked < settlesAfter ? 'accepted' : 'issued';
    return [200, { campaignId: 'liar', userId: user, sequence, status }];
  };
  const answer = async ({ method, url, headers }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const user = String(headers['x-user-id']);
    if (method === 'POST') {
      requests += 1;
      if (await first?.(requests, response)) return;
    }
    const remaining = Math.max(0, limit - sequences.size);
    const shown = [200, { id: 'liar', limit, remaining, state: 'open' }] as const;
    const [status, body] = method === 'POST' ? apply(user) : url?.endsWith('/me') ? me(user) : shown;
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, sequences };
}
