import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  readApiConfig,
  readConsumerConfig,
  readMigrationConfig,
  readStandaloneConfig,
} from '../../src/bootstrap/config.ts';

const servers = {
  REDIS_URL: 'redis://localhost:6379',
  KAFKA_BROKERS: 'localhost:9092, other:9093',
  MYSQL_URL: 'mysql://coupon:secret@localhost:3306/coupon',
};
const api = { ...servers, ADMIN_TOKEN: 'sixteen-letters!', AUTH_MODE: 'gateway' };

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
};

describe('the configuration', () => {
  it('of an API has documented defaults', () => {
    expect(readApiConfig(api)).toEqual({
      ...api,
      KAFKA_BROKERS: ['localhost:9092', 'other:9093'],
      HOST: '0.0.0.0',
      PORT: 3000,
      KAFKA_TOPIC: 'coupon_create',
      KAFKA_PARTITIONS: 6,
      KAFKA_REPLICATION_FACTOR: 1,
      KAFKA_GROUP_ID: 'coupon-issuer',
      MAX_IN_FLIGHT: 2048,
      LOG_LEVEL: 'info',
      SHUTDOWN_TIMEOUT_MS: 10_000,
    });
  });

  it('of a consumer needs the three servers only', () => {
    expect(readConsumerConfig(servers)).toMatchObject({ CONSUMER_PORT: 3001, HOST: '0.0.0.0' });
  });

  it('of the standalone service needs nothing', () => {
    expect(readStandaloneConfig({})).toMatchObject({ HOST: '127.0.0.1', PORT: 3000 });
  });

  it('of a migration needs the database only', () => {
    expect(readMigrationConfig({ MYSQL_URL: servers.MYSQL_URL })).toMatchObject({ MYSQL_URL: servers.MYSQL_URL });
  });

  it('names everything that is missing at once, and an empty variable is a missing one', () => {
    const problems = problemsOf(() => readApiConfig({ REDIS_URL: '' })).map((problem) => problem.split(' ')[0]);
    expect(problems.toSorted()).toEqual(['ADMIN_TOKEN', 'AUTH_MODE', 'KAFKA_BROKERS', 'MYSQL_URL', 'REDIS_URL']);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost'],
    ['KAFKA_BROKERS', 'localhost'],
    ['KAFKA_BROKERS', 'localhost:99999'],
    ['KAFKA_TOPIC', '..'],
    ['REDIS_URL', 'redis:'],
    ['KAFKA_BROKERS', 'kafka://localhost:9092'],
    ['MYSQL_URL', 'mysql://localhost:3306'],
    ['MYSQL_URL', 'postgres://localhost/coupon'],
    ['ADMIN_TOKEN', 'fifteen-letters'],
    ['ADMIN_TOKEN', 'a token with spaces in it'],
    ['AUTH_MODE', 'jwt'],
    ['AUTH_MODE', 'none'],
    ['KAFKA_TOPIC', 'a topic'],
    ['KAFKA_PARTITIONS', '0'],
    ['KAFKA_REPLICATION_FACTOR', 'two'],
    ['MAX_IN_FLIGHT', '0'],
    ['LOG_LEVEL', 'loud'],
    ['SHUTDOWN_TIMEOUT_MS', '1'],
  ])('refuses %s=%s and says what is accepted', (name, value) => {
    const problems = problemsOf(() => readApiConfig({ ...api, [name]: value }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must `));
  });

  it('refuses the development secrets of the compose file in production, and only there', () => {
    const development = {
      ...api,
      ADMIN_TOKEN: 'development-admin-token',
      MYSQL_URL: 'mysql://coupon:coupon-development@mysql:3306/coupon',
    };
    expect(problemsOf(() => readApiConfig(development))).toEqual([]);
    const problems = problemsOf(() => readApiConfig({ ...development, NODE_ENV: 'production' }));
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['ADMIN_TOKEN', 'MYSQL_URL']);
    expect(problemsOf(() => readApiConfig({ ...api, NODE_ENV: 'production' }))).toEqual([]);
  });
});
