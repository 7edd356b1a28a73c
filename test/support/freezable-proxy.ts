import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and can fall silent without closing anything, like a frozen server. */
export interface FreezableProxy {
  readonly port: number;
  /** How often a client has sent something. */
  readonly sent: number;
  freeze(): void;
  close(): Promise<void>;
}

export async function freezableProxy(target: URL, defaultPort: number): Promise<FreezableProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  let sent = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || defaultPort), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.on('data', (bytes) => {
      sent += 1;
      if (!frozen) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => frozen || client.write(bytes));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get sent() {
      return sent;
    },
    freeze() {
      frozen = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
