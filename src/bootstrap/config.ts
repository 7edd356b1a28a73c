import { z } from 'zod';

/** Everything that is wrong with the environment, a line each. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the compose file uses, in the open: never in production. */
const DEVELOPMENT_ADMIN_TOKEN = 'development-admin-token';
const DEVELOPMENT_PASSWORD = 'coupon-development';

const wholeNumber = (standard: number, least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,10}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`)
    .default(standard);

const url = (schemes: readonly string[], example: string) =>
  z.string({ error: `is required: for example ${example}` }).refine((text) => {
    const { protocol = '', hostname = '' } = URL.parse(text) ?? {};
    return schemes.includes(protocol) && hostname !== '';
  }, `must be a URL like ${example}`);

const port = (standard: number) => wholeNumber(standard, 0, 65_535);

const isBroker = (text: string): boolean => /^[^\s:,/]+:[0-9]{1,5}$/.test(text) && Number(text.split(':')[1]) <= 65_535;
const kafkaName = (standard: string) =>
  z
    .string()
    .regex(/^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/, 'must have 1 to 249 letters, digits, dots, underscores or hyphens')
    .default(standard);

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const levelProblem = `must be one of ${levels.join(', ')}`;

const host = (standard: string) => z.string().default(standard);
const LOG_LEVEL = z.enum(levels, { error: levelProblem }).default('info');
const SHUTDOWN_TIMEOUT_MS = wholeNumber(10_000, 100, 600_000);
const MAX_IN_FLIGHT = wholeNumber(2_048, 1, 1_000_000);
const ADMIN_TOKEN = z
  .string({ error: 'is required' })
  .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 characters, and no space');

const mysqlUrl = url(['mysql:'], 'mysql://user:password@host:3306/database').refine(
  (text) => (URL.parse(text)?.pathname.length ?? 0) > 1,
  'must name a database: mysql://user:password@host:3306/database',
);

const processShape = {
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379'),
  KAFKA_BROKERS: z
    .string({ error: 'is required: for example host:9092,other:9092' })
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((brokers) => brokers.every(isBroker), 'must be a list like host:9092,other:9092'),
  MYSQL_URL: mysqlUrl,
  KAFKA_TOPIC: kafkaName('coupon_create'),
  KAFKA_PARTITIONS: wholeNumber(6, 1, 10_000),
  KAFKA_REPLICATION_FACTOR: wholeNumber(1, 1, 100),
  KAFKA_GROUP_ID: kafkaName('coupon-issuer'),
  LOG_LEVEL,
  SHUTDOWN_TIMEOUT_MS,
};

const AUTH_MODE = z.enum(['gateway'], { error: 'must be gateway, the only mode there is so far' });

const apiShape = z.object({
  ...processShape,
  HOST: host('0.0.0.0'),
  PORT: port(3_000),
  ADMIN_TOKEN,
  AUTH_MODE,
  MAX_IN_FLIGHT,
});

const consumerShape = z.object({ ...processShape, HOST: host('0.0.0.0'), CONSUMER_PORT: port(3_001) });

const standaloneShape = z.object({
  HOST: host('127.0.0.1'),
  PORT: port(3_000),
  ADMIN_TOKEN: ADMIN_TOKEN.optional(),
  LOG_LEVEL,
  SHUTDOWN_TIMEOUT_MS,
  MAX_IN_FLIGHT,
});

export type ProcessConfig = z.infer<z.ZodObject<typeof processShape>>;
export type ApiConfig = z.infer<typeof apiShape>;
export type ConsumerConfig = z.infer<typeof consumerShape>;
export type StandaloneConfig = z.infer<typeof standaloneShape>;
export type MigrationConfig = Pick<ProcessConfig, 'MYSQL_URL' | 'LOG_LEVEL'>;

/** @throws ConfigurationError */
export const readApiConfig = (environment: Environment): ApiConfig => read(apiShape, environment);

/** @throws ConfigurationError */
export const readConsumerConfig = (environment: Environment): ConsumerConfig => read(consumerShape, environment);

/** @throws ConfigurationError */
export const readStandaloneConfig = (environment: Environment): StandaloneConfig => read(standaloneShape, environment);

/** @throws ConfigurationError */
export const readMigrationConfig = (environment: Environment): MigrationConfig =>
  read(z.object({ MYSQL_URL: mysqlUrl, LOG_LEVEL }), environment);

function read<Shape extends z.ZodObject>(shape: Shape, environment: Environment): z.infer<Shape> {
  // An empty variable is how shells and compose files leave one out.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = shape.safeParse(given);
  const problems = [
    ...(result.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? []),
    ...developmentSecrets(Object.keys(shape.shape), given),
  ];
  if (!result.success || problems.length > 0) throw new ConfigurationError(problems);
  return result.data;
}

function developmentSecrets(names: readonly string[], environment: Environment): readonly string[] {
  if (environment['NODE_ENV'] !== 'production') return [];
  const secrets = { ADMIN_TOKEN: DEVELOPMENT_ADMIN_TOKEN, MYSQL_URL: DEVELOPMENT_PASSWORD };
  return Object.entries(secrets)
    .filter(([name, secret]) => names.includes(name) && environment[name]?.includes(secret))
    .map(([name]) => `${name} holds the development secret of the compose file, which production refuses`);
}
