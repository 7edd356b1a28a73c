import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends bytes as they are, which no HTTP client would, and resolves with everything that came back. */
export function send(port: number, bytes: string | Buffer, encoding: BufferEncoding = 'utf8'): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, encoding) : bytes);
    });
    socket
      .on('data', (chunk) => chunks.push(chunk))
      .once('close', () => resolve(Buffer.concat(chunks).toString()))
      .once('error', reject);
  });
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  /** Names may repeat. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** `null`: neither a body nor its length. */
  readonly body?: string | null;
}

export const requestText = ({ method = 'GET', path, headers = [], body = null }: Call): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: test',
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === null ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body ?? '',
  ].join('\r\n');

export function parseAnswer(text: string): Answer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const body = Buffer.from(text.slice(end + 4));
  const length = Number(headers.get('content-length') ?? body.length);
  return { status: Number(first.split(' ')[1]), headers, body: body.subarray(0, length).toString() };
}
