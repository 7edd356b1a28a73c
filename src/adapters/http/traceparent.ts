import type { IncomingMessage } from 'node:http';

/** W3C Trace Context, version 00; all zeros name no trace and no span. */
const FORM = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The trace context of a request, or undefined where there is none that can be passed on. */
export function traceparentOf({ headers }: IncomingMessage): string | undefined {
  const given = headers['traceparent'];
  return typeof given === 'string' && FORM.test(given) ? given : undefined;
}
