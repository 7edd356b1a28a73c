import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range from which the system takes the local ends of connections: such a port may be taken at any moment.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** The first of so many consecutive ports of 127.0.0.1 that nobody listens on now. */
export async function freePort(consecutive = 1): Promise<number> {
  for (;;) {
    const first = randomInt(LOWEST, HIGHEST);
    const ports = Array.from({ length: consecutive }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (!free.includes(false)) return first;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
