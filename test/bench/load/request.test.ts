import { expect, test } from 'vitest';
import { ApplyRequest } from '../../../bench/load/request.ts';

const textOf = (request: ApplyRequest): string => request.bytes.toString('latin1');

test('is an application of the user in the campaign whose turn it is', () => {
  const request = new ApplyRequest(['one', 'two']);
  request.write(0, 100_000_000);
  expect(textOf(request)).toBe(
    'POST /campaigns/one/applications HTTP/1.1\r\nHost: bench\r\nX-User-Id: 100000000\r\nContent-Length: 0\r\n\r\n',
  );
  request.write(1, 999_999_999);
  expect(textOf(request)).toContain('/campaigns/two/applications HTTP/1.1\r\nHost: bench\r\nX-User-Id: 999999999\r\n');
  request.write(2, 123_456_789);
  expect(textOf(request)).toContain('/campaigns/one/applications HTTP/1.1\r\nHost: bench\r\nX-User-Id: 123456789\r\n');
});

test('campaigns whose names differ in length are refused', () => {
  expect(() => new ApplyRequest(['one', 'three'])).toThrow('campaigns differ in length');
});
