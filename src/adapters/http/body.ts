import type { IncomingMessage } from 'node:http';
import { invalidRequest, RequestRefused } from './request-refused.ts';

const LARGEST_BODY = 16 * 1024;

const JSON_TYPE = /^application\/json[ \t]*(;|$)/i;

const tooLarge = (): RequestRefused =>
  new RequestRefused({ kind: 'payload-too-large', detail: `A body has at most ${LARGEST_BODY} bytes.` });

/** An empty body needs no reading, nor anything awaited. */
export const isBodiless = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';

/**
 * The body as text.
 *
 * @throws RequestRefused as soon as it is larger than `LARGEST_BODY`, or where it is not JSON by its headers
 */
async function readText(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length']) > LARGEST_BODY) throw tooLarge();
  const body = await readBytes(request);
  if (body.length > 0) refuseOtherTypes(request);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw invalidRequest('The body is not UTF-8.', [{ field: 'body', detail: 'must be JSON in UTF-8' }]);
  }
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LARGEST_BODY) return chunks.push(chunk);
      // What still arrives is thrown away: a connection cut in the middle of it would lose the answer.
      request.off('data', take).resume();
      return reject(tooLarge());
    };
    const cut = () => reject(invalidRequest('The body was cut off.', [{ field: 'body', detail: 'must be complete' }]));
    if (request.destroyed) return cut();
    request
      .on('data', take)
      .once('end', () => resolve(Buffer.concat(chunks)))
      .once('error', cut)
      .once('close', cut);
  });
}

function refuseOtherTypes({ headers }: IncomingMessage): void {
  const type = headers['content-type'];
  const coding = headers['content-encoding'];
  if ((type === undefined || JSON_TYPE.test(type)) && (coding ?? 'identity') === 'identity') return;
  const detail = 'The body must be application/json, without a content coding.';
  throw new RequestRefused({ kind: 'unsupported-media-type', detail, headers: { Accept: 'application/json' } });
}

/** @throws RequestRefused unless the body is JSON */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = isBodiless(request) ? '' : await readText(request);
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalidRequest('The body is not JSON.', [{ field: 'body', detail: `must be JSON: ${why}` }]);
  }
}

/** @throws RequestRefused for any body but an empty one or `{}` */
export function refuseBody(request: IncomingMessage): Promise<void> | undefined {
  return isBodiless(request) ? undefined : refuseContent(request);
}

async function refuseContent(request: IncomingMessage): Promise<void> {
  const text = (await readText(request)).trim();
  if (text === '' || (text.startsWith('{') && text.endsWith('}') && text.slice(1, -1).trim() === '')) return;
  throw invalidRequest('The request takes no body.', [{ field: 'body', detail: 'must be empty or {}' }]);
}
