import { expect, it } from 'vitest';
import { parseReply } from '../../scripts/load/http-reply.ts';

const LENGTH = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\n "ä"';
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x=1\r\n{"\r\n4\r\na":1\r\n1\r\n}\r\n0\r\n\r\n';

it.each([
  [LENGTH, { status: 503, retryAfter: 2, body: ' "ä', keepAlive: false }],
  [LENGTH.replace('4', '5'), { status: 503, retryAfter: 2, body: ' "ä"', keepAlive: true }],
  [CHUNKED, { status: 200, retryAfter: null, body: '{"a":1}', keepAlive: true }],
  [`HTTP/1.1 100 Continue\r\n\r\n${CHUNKED}`, { status: 200, retryAfter: null, body: '{"a":1}', keepAlive: true }],
  ['HTTP/1.1 204 No Content\r\n\r\n', { status: 204, retryAfter: null, body: '', keepAlive: true }],
  [
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    { status: 200, retryAfter: null, body: '', keepAlive: false },
  ],
])('reads %j', (text, reply) => {
  expect(parseReply(Buffer.from(text), false)).toEqual(reply);
});

it.each([LENGTH.replace('4', '5'), CHUNKED])('waits for the last byte of %j', (text) => {
  const bytes = Buffer.from(text);
  for (let length = 0; length < bytes.length; length += 1)
    expect(parseReply(bytes.subarray(0, length), true)).toBeNull();
});

it('reads a body without a length to the end of the connection', () => {
  const bytes = Buffer.from('HTTP/1.0 200 OK\r\n\r\nwhole');
  expect(parseReply(bytes, false)).toBeNull();
  expect(parseReply(bytes, true)).toEqual({ status: 200, retryAfter: null, body: 'whole', keepAlive: false });
});

it('refuses what is no answer', () => {
  expect(() => parseReply(Buffer.from('SSH-2.0-x\r\n\r\n'), false)).toThrow('not an HTTP answer');
  expect(() => parseReply(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'), false)).toThrow();
});
