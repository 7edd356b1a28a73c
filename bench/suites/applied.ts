import type { LoadGenerator } from '../load/load-generator.ts';
import type { Report } from '../load/plan.ts';
import { atRest } from '../support/at-rest.ts';
import { cpuFromNow } from '../support/cpu.ts';
import type { Installation, Role } from '../support/installation.ts';

interface Applied {
  readonly report: Report;
  /** µs of each role until the last answer, for each application. */
  readonly cpu: Readonly<Record<Role, number>>;
}

/** So many new users apply, spread over the campaigns, and each of them is accepted. */
export async function applied(
  installation: Installation,
  generator: LoadGenerator,
  campaigns: readonly string[],
  requests: number,
): Promise<Applied> {
  await atRest(installation);
  const used = await cpuFromNow(await installation.pids());
  const report = await generator.run({ ports: [installation.api.port], campaigns, expected: [202], requests });
  const cpu: Record<Role, number> = { ...(await used()) };
  for (const role of Object.keys(cpu) as Role[]) cpu[role] *= 1e6 / requests;
  return { report, cpu };
}
