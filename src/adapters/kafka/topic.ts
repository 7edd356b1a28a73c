import kafkajs, { type Admin } from 'kafkajs';

// Node finds some of a CommonJS module's names only on its default export, which the types do not know.
const { ConfigResourceTypes, KafkaJSProtocolError } = kafkajs;

export interface TopicPlan {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** A topic as the brokers describe it. */
export interface TopicDescription {
  readonly partitions: number;
  /** Of the partition that has the fewest. */
  readonly replicas: number;
  readonly settings: ReadonlyMap<string, string>;
}

const MINIMUM_RETENTION = 30 * 24 * 60 * 60 * 1_000;
const UNLIMITED = '-1';
/** The broker unpacks what it stores: kafkajs cannot read every codec, and would stop at the first such record for good. */
const UNCOMPRESSED = 'uncompressed';
const SETTINGS = [
  'cleanup.policy',
  'retention.ms',
  'retention.bytes',
  'compression.type',
  'min.insync.replicas',
  'flush.messages',
];

/** Creates the topic if it is absent, and never alters an existing one. */
export async function ensureTopic(admin: Admin, plan: TopicPlan): Promise<void> {
  await admin.createTopics({
    topics: [
      {
        topic: plan.topic,
        numPartitions: plan.partitions,
        replicationFactor: plan.replicationFactor,
        configEntries: [
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'retention.ms', value: String(MINIMUM_RETENTION) },
          { name: 'retention.bytes', value: UNLIMITED },
          { name: 'compression.type', value: UNCOMPRESSED },
          ...(plan.replicationFactor >= 3 ? [{ name: 'min.insync.replicas', value: '2' }] : []),
          ...(plan.replicationFactor === 1 ? [{ name: 'flush.messages', value: '1' }] : []),
        ],
      },
    ],
  });
}

/** Null: there is no such topic. */
export async function describeTopic(admin: Admin, topic: string): Promise<TopicDescription | null> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions ?? [];
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: SETTINGS }],
    });
    const entries = resources[0]?.configEntries ?? [];
    return {
      partitions: partitions.length,
      replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      settings: new Map(entries.map(({ configName, configValue }) => [configName, configValue])),
    };
  } catch (error) {
    if (error instanceof KafkaJSProtocolError && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') return null;
    throw error;
  }
}

/** What is not as the contract says, each with what is and what should be. */
export function topicProblems({ replicas, settings }: TopicDescription, plan: TopicPlan): readonly string[] {
  const problems: string[] = [];
  const expect = (name: string, isRight: (value: string) => boolean, right: string) => {
    const value = settings.get(name) ?? 'unknown';
    if (!isRight(value)) problems.push(`${name} is ${value}, it should be ${right}`);
  };
  expect('cleanup.policy', (policy) => policy === 'delete', 'delete');
  expect(
    'retention.ms',
    (retention) => retention === UNLIMITED || Number(retention) >= MINIMUM_RETENTION,
    `${MINIMUM_RETENTION} (30 days) or more`,
  );
  expect('retention.bytes', (bytes) => bytes === UNLIMITED, `${UNLIMITED} (no limit)`);
  if (replicas < plan.replicationFactor) {
    problems.push(`there are ${replicas} replicas, there should be ${plan.replicationFactor}`);
  }
  if (replicas >= 3) expect('min.insync.replicas', (least) => Number(least) >= 2, '2 or more, with three replicas');
  if (replicas === 1) expect('flush.messages', (messages) => messages === '1', '1, with a single replica');
  return problems;
}

/** What is against nothing in the contract, and still worth knowing. */
export function topicRemarks({ partitions, settings }: TopicDescription, plan: TopicPlan): readonly string[] {
  const remarks: string[] = [];
  if (partitions < plan.partitions) remarks.push(`there are ${partitions} partitions, not ${plan.partitions}`);
  const compression = settings.get('compression.type');
  if (compression !== UNCOMPRESSED) {
    remarks.push(
      `compression.type is ${compression}: a foreign record in zstd, snappy or lz4 would stop the consumers`,
    );
  }
  return remarks;
}
