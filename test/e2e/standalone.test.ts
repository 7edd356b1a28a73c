import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { type Entry, type Environment, ServiceProcess } from '../support/service-process.ts';

const run = promisify(execFile);
const started: ServiceProcess[] = [];

const start = (entry: Entry, environment: Environment, port: number): ServiceProcess => {
  const process = new ServiceProcess(entry, environment, port);
  started.push(process);
  return process;
};

/** What a person who copies the line into a shell reads. */
const reads = async (line: string): Promise<string> => (await run('bash', ['-c', line])).stdout;

afterEach(() => Promise.all(started.splice(0).map((each) => each.kill())));

describe('the service in one process', () => {
  it('prints a token and three requests that answer what they promise', async () => {
    const service = start('standalone', {}, await freePort());
    await service.ready();
    const token = /admin token: (\S{16,})/.exec(service.output)?.[1] ?? '';
    const [apply = '', find = '', account = '', ...more] = service.lines.filter((line) => /^\s*curl /.test(line));

    expect(more).toEqual([]);
    expect(account).toContain(token);
    const accepted = await reads(apply);
    expect(accepted).toMatch(/^HTTP\/1\.1 202 Accepted\r\n/);
    expect(accepted.toLowerCase()).toContain('location: /campaigns/welcome/applications/me');
    expect(bodyOf(accepted)).toEqual({
      campaignId: 'welcome',
      userId: '1',
      sequence: 1,
      status: 'accepted',
      finalBy: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    });
    await expect
      .poll(async () => JSON.parse(await reads(find)))
      .toMatchObject({ userId: '1', sequence: 1, status: 'issued', couponId: 'welcome/1' });
    await expect
      .poll(async () => JSON.parse(await reads(account)))
      .toMatchObject({ id: 'welcome', limit: 1_000, granted: 1, issued: 1, pending: 0, inFlight: 0, unaccounted: 0 });
    await service.stop();
  });

  it('takes its port and its token from the environment', async () => {
    const token = 'a-token-that-was-chosen';
    const service = start('standalone', { ADMIN_TOKEN: token }, await freePort());
    await service.ready();

    const ask = (authorization: string) => fetch(`${service.url}/admin/campaigns`, { headers: { authorization } });
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    expect((await ask('Bearer another-token-of-somebody')).status).toBe(401);
    expect(service.output).toContain(service.url);
    await service.stop();
  });

  it('ends with the npm that started it', async () => {
    const port = await freePort();
    const npm = spawn('npm', ['start'], {
      env: { ...process.env, PORT: String(port) },
      stdio: 'ignore',
      detached: true,
    });
    onTestFinished(() => {
      try {
        process.kill(-(npm.pid ?? 0), 'SIGKILL');
      } catch {
        // Nobody of the group is left, as it should be.
      }
    });
    const alive = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(alive, { timeout: 30_000 }).toBe(true);
    npm.kill('SIGTERM');
    await expect.poll(alive, { timeout: 5_000 }).toBe(false);
  });
});

describe('a configuration that is not valid', () => {
  const broken: Environment = {
    REDIS_URL: 'http://127.0.0.1',
    KAFKA_BROKERS: 'somewhere',
    MYSQL_URL: 'mysql://root@127.0.0.1:3306',
    ADMIN_TOKEN: 'short',
    AUTH_MODE: 'none',
    PORT: 'eighty',
    CONSUMER_PORT: '70000',
    SHUTDOWN_TIMEOUT_MS: '-1',
  };
  const servers = ['REDIS_URL', 'KAFKA_BROKERS', 'MYSQL_URL', 'SHUTDOWN_TIMEOUT_MS'];

  it.each<readonly [Entry, readonly string[]]>([
    ['api', [...servers, 'ADMIN_TOKEN', 'AUTH_MODE', 'PORT']],
    ['consumer', [...servers, 'CONSUMER_PORT']],
    ['migrate', ['MYSQL_URL']],
    ['standalone', ['ADMIN_TOKEN', 'PORT', 'SHUTDOWN_TIMEOUT_MS']],
  ])('ends the entry %s with 1, naming all that is wrong at once', async (entry, names) => {
    const service = start(entry, broken, 0);

    expect(await service.exit()).toBe(1);
    for (const name of names)
      expect(service.lines.filter((line) => line.trim().startsWith(`${name} `))).toHaveLength(1);
  });
});

const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
