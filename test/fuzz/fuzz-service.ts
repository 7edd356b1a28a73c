import { freePort } from '../support/free-port.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { type FuzzPlan, type FuzzResult, fuzzAll } from './fuzz-all.ts';
import { complaintAfterwards } from './still-right.ts';

const ADMIN_TOKEN = 'an-admin-token-to-fuzz-with';
const PART = 10_000;

/** Fuzzes the in-memory service in a process of its own, and looks whether it is as good afterwards. */
export async function fuzzService(
  { seed, first, requests }: Pick<FuzzPlan, 'seed' | 'first' | 'requests'>,
  onPart: (sent: number) => void = () => {},
): Promise<FuzzResult> {
  const port = await freePort();
  const service = new ServiceProcess('standalone', { ADMIN_TOKEN, LOG_LEVEL: 'warn' }, port);
  const statuses = new Map<number, number>();
  const complaints: string[] = [];
  try {
    await service.alive();
    for (let sent = 0; sent < requests && complaints.length === 0; sent += PART) {
      const part = Math.min(PART, requests - sent);
      const result = await fuzzAll({ port, adminToken: ADMIN_TOKEN, seed, first: first + sent, requests: part });
      complaints.push(...result.complaints);
      for (const [status, count] of result.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
      onPart(sent + part);
    }
    const afterwards = service.isRunning ? await complaintAfterwards(port, ADMIN_TOKEN) : 'the service has ended';
    if (afterwards !== null) complaints.push(afterwards);
    complaints.push(...service.lines.filter((line) => /"level":(50|60)/.test(line)).map((line) => `it said ${line}`));
    return { statuses, complaints };
  } finally {
    await service.kill();
  }
}
