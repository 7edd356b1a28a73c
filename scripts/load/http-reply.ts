export interface HttpReply {
  readonly status: number;
  readonly retryAfter: number | null;
  readonly body: string;
  /** Whether the connection serves for more. */
  readonly keepAlive: boolean;
}

const HEAD_END = '\r\n\r\n';
const MOST_BYTES = 4 << 20;

/**
 * The reply that these bytes begin with; null while it is not whole. `ended`: the server sends nothing more.
 *
 * @throws Error where it is no HTTP/1.1 reply
 */
export function parseReply(bytes: Buffer, ended: boolean): HttpReply | null {
  if (bytes.length > MOST_BYTES) throw new Error('the answer is too large');
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = /^HTTP\/1\.[01] ([1-5][0-9]{2})[ \r]?/.exec(head)?.[1];
  if (status === undefined) throw new Error(`not an HTTP answer: ${head.slice(0, 60)}`);
  const rest = bytes.subarray(headEnd + HEAD_END.length);
  if (status.startsWith('1')) return parseReply(rest, ended);
  const fields = head.toLowerCase();
  const body = bodyOf(rest, fields, Number(status), ended);
  if (body === null) return null;
  const retryAfter = Number(field(fields, 'retry-after') ?? Number.NaN);
  return {
    status: Number(status),
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
    body: body.text,
    keepAlive: body.whole && field(fields, 'connection') !== 'close',
  };
}

interface Body {
  readonly text: string;
  /** It ends where the bytes do. */
  readonly whole: boolean;
}

function bodyOf(rest: Buffer, fields: string, status: number, ended: boolean): Body | null {
  if (status === 204 || status === 304) return { text: '', whole: rest.length === 0 };
  if (field(fields, 'transfer-encoding')?.includes('chunked')) return chunks(rest);
  const length = field(fields, 'content-length');
  if (length === null) return ended ? { text: rest.toString('utf8'), whole: false } : null;
  const end = Number(length);
  if (rest.length < end) return null;
  return { text: rest.toString('utf8', 0, end), whole: rest.length === end };
}

function chunks(rest: Buffer): Body | null {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    const start = lineEnd + 2;
    if (rest.length < start + size + 2) return null;
    // Trailers are not read: a connection that has some is not used again.
    if (size === 0) return { text: Buffer.concat(parts).toString('utf8'), whole: rest.length === start + 2 };
    parts.push(rest.subarray(start, start + size));
    at = start + size + 2;
  }
}

function field(fields: string, name: string): string | null {
  const at = fields.indexOf(`\r\n${name}:`);
  if (at < 0) return null;
  const end = fields.indexOf('\r\n', at + 2);
  return fields.slice(at + name.length + 3, end < 0 ? undefined : end).trim();
}
