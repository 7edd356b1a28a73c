import { expect, test } from 'vitest';
import { topicProblems, topicRemarks } from '../../../src/adapters/kafka/topic.ts';

const single = { topic: 'coupon_create', partitions: 6, replicationFactor: 1 };
const replicated = { ...single, replicationFactor: 3 };

const settings = (changes: Record<string, string> = {}): ReadonlyMap<string, string> =>
  new Map(
    Object.entries({
      'cleanup.policy': 'delete',
      'retention.ms': '2592000000',
      'retention.bytes': '-1',
      'compression.type': 'uncompressed',
      'min.insync.replicas': '1',
      'flush.messages': '1',
      ...changes,
    }),
  );

test('fewer partitions, and records that may be compressed, are remarked on', () => {
  const changed = settings({ 'compression.type': 'producer' });
  expect(topicRemarks({ partitions: 6, replicas: 1, settings: settings() }, single)).toEqual([]);
  expect(topicRemarks({ partitions: 5, replicas: 1, settings: changed }, single)).toEqual([
    'there are 5 partitions, not 6',
    expect.stringContaining('compression.type is producer'),
  ]);
});

test('a topic as the contract says has no problems', () => {
  expect(topicProblems({ partitions: 6, replicas: 1, settings: settings() }, single)).toEqual([]);
  const kept = settings({ 'retention.ms': '-1', 'min.insync.replicas': '2', 'flush.messages': '9223372036854775807' });
  expect(topicProblems({ partitions: 6, replicas: 3, settings: kept }, replicated)).toEqual([]);
});

test.each([
  ['cleanup.policy', 'compact', 'cleanup.policy is compact, it should be delete'],
  ['cleanup.policy', 'compact,delete', 'cleanup.policy is compact,delete, it should be delete'],
  ['retention.ms', '604800000', 'retention.ms is 604800000, it should be 2592000000 (30 days) or more'],
  ['retention.bytes', '1000', 'retention.bytes is 1000, it should be -1 (no limit)'],
  ['flush.messages', '9223372036854775807', 'it should be 1, with a single replica'],
])('%s = %s is a problem that says what should be', (name, value, problem) => {
  const problems = topicProblems({ partitions: 6, replicas: 1, settings: settings({ [name]: value }) }, single);
  expect(problems).toEqual([expect.stringContaining(problem)]);
});

test('three replicas of which one may acknowledge alone are a problem', () => {
  const problems = topicProblems({ partitions: 6, replicas: 3, settings: settings() }, replicated);
  expect(problems).toEqual(['min.insync.replicas is 1, it should be 2 or more, with three replicas']);
});

test('fewer replicas than configured are a problem', () => {
  const problems = topicProblems({ partitions: 6, replicas: 1, settings: settings() }, replicated);
  expect(problems).toEqual(['there are 1 replicas, there should be 3']);
});

test('a setting that cannot be read is a problem', () => {
  expect(
    topicProblems({ partitions: 6, replicas: 2, settings: new Map() }, { ...single, replicationFactor: 2 }),
  ).toHaveLength(3);
});
