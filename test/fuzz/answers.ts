import { PROBLEM_KINDS } from '../../src/adapters/http/problem-kinds.ts';

export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/**
 * Cuts everything that came over a connection into answers; interim ones are left out.
 *
 * @throws Error where it cannot be cut
 */
export function answersOf(received: string, methods: readonly string[]): readonly ReceivedAnswer[] {
  const answers: ReceivedAnswer[] = [];
  let rest = received;
  while (rest !== '') {
    const end = rest.indexOf(HEAD_END);
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 ([1-5][0-9][0-9]) /.exec(`${first} `)?.[1]);
    if (end < 0 || !Number.isInteger(status))
      throw new Error(`no answer begins like this: ${JSON.stringify(rest.slice(0, 200))}`);
    rest = rest.slice(end + HEAD_END.length);
    if (status < 200) continue;
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const isEmpty = status === 204 || (methods[answers.length] === 'HEAD' && !rest.startsWith('{'));
    const length = isEmpty ? 0 : Number(headers.get('content-length') ?? Number.NaN);
    if (!(length <= rest.length))
      throw new Error(`${first} announces ${headers.get('content-length')} bytes and has ${rest.length}`);
    answers.push({ status, headers, body: rest.slice(0, length) });
    rest = rest.slice(length);
  }
  return answers;
}

/** What a service that lacks nothing may say with 503: its counter is being rebuilt on command, or opened. */
const MAY_PASS = ['/problems/rebuilding', '/problems/unavailable'];

/** What is wrong with an answer; null: nothing. */
export function complaintAbout({ status, headers, body }: ReceivedAnswer): string | null {
  const said = `a ${status} is ${headers.get('content-type')} and says ${body.slice(0, 300)}`;
  if (status < 400 || (status < 500 && body === '')) return null;
  if (status >= 500 && status !== 503) return said;
  const document: unknown = body === '' ? {} : JSON.parse(Buffer.from(body, 'latin1').toString());
  const { type, status: word }: Record<string, unknown> = { ...Object(document) };
  if (status === 503) {
    if (word === 'unavailable' && type === undefined) return null;
    if (body === '' && headers.has('retry-after')) return null;
    if (!MAY_PASS.includes(String(type)) || !headers.has('retry-after')) return said;
  }
  return headers.get('content-type') === 'application/problem+json' && isProblem(document, status) ? null : said;
}

function isProblem(document: unknown, status: number): boolean {
  if (typeof document !== 'object' || document === null) return false;
  const { type, title, detail, status: said, errors }: Record<string, unknown> = { ...document };
  const known = Object.entries(PROBLEM_KINDS).find(([kind]) => type === `/problems/${kind}`);
  if (known === undefined) return false;
  const [kind, expected] = known;
  const isListed =
    kind !== 'invalid-request' || (Array.isArray(errors) && errors.length > 0 && errors.every(isFieldError));
  return said === status && expected.status === status && title === expected.title && isText(detail) && isListed;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** The name of a field is the caller's, and may be empty. */
const isFieldError = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'field' in value &&
  'detail' in value &&
  typeof value.field === 'string' &&
  isText(value.detail);
