import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerReader } from '../../../bench/load/answer-reader.ts';

const answerOf = (status: number, body: string, before = '', after = 'Connection: keep-alive'): string =>
  `HTTP/1.1 ${status} Whatever\r\n${before}Content-Length: ${body.length}\r\n${after}\r\n\r\n${body}`;

/** Into memory where an earlier answer still lies. */
function read(reader: AnswerReader, memory: Buffer, text: string, arrived = text.length): number {
  memory.write(text.slice(0, arrived), 'latin1');
  return reader.lengthOf(memory, arrived);
}

test('finds length, status and body of an answer, and of one with another status, length and head after it', () => {
  const [reader, memory] = [new AnswerReader(), Buffer.alloc(4_096)];
  for (const text of [
    answerOf(202, 'accepted'),
    answerOf(202, 'a body that is longer than nine bytes'),
    answerOf(409, 'sold out', 'Cache-Control: no-store\r\n'),
    answerOf(202, 'short', 'Location: /somewhere/else\r\n'),
    answerOf(202, '', '', 'Content-Type: text/plain'),
  ]) {
    expect(read(reader, memory, text)).toBe(text.length);
    expect(reader.status).toBe(Number(text.slice(9, 12)));
    expect(text.slice(reader.bodyAt)).toBe(text.split('\r\n\r\n')[1]);
  }
});

test('does not take what lies behind the bytes that arrived for a part of the answer', () => {
  const [reader, memory] = [new AnswerReader(), Buffer.alloc(4_096)];
  const text = answerOf(202, 'accepted');
  read(reader, memory, text);
  const head = text.indexOf('\r\n\r\n') + 4;
  expect(read(reader, memory, text, head - 1)).toBe(0);
  expect(read(reader, memory, text, head)).toBe(text.length);
});

test('says so where an answer has no length', () => {
  const text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  expect(() => read(new AnswerReader(), Buffer.alloc(4_096), text)).toThrow(`does not say how long it is: ${text}`);
});

test('reads any answers one after the other as a search of each head does', () => {
  const headers = fc.constantFrom('', 'Location: /a\r\n', 'Location: /other/place\r\n', 'X-Depth: 9\r\n');
  const answers = fc.array(
    fc.tuple(fc.constantFrom(200, 202, 409), fc.nat(3_000), headers, fc.constantFrom('A: b', 'A: bc')),
  );
  fc.assert(
    fc.property(answers, (all) => {
      const [reader, memory] = [new AnswerReader(), Buffer.alloc(4_096)];
      for (const [status, length, before, after] of all) {
        const text = answerOf(status, 'x'.repeat(length), before, after);
        expect([read(reader, memory, text), reader.status, reader.bodyAt]).toEqual([
          text.length,
          status,
          text.indexOf('\r\n\r\n') + 4,
        ]);
      }
    }),
  );
});
