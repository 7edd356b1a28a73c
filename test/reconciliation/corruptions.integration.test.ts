import { expect, it } from 'vitest';
import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { ReconciliationReport } from '../../src/domain/reconciliation.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { someUsers } from '../support/in-memory-world.ts';
import { withAdmin } from '../support/kafka-topic.ts';
import { describeWithRedisServer } from '../support/redis-server.ts';
import { seededNumbers } from '../support/seeded.ts';
import { services } from '../support/services.ts';
import { CORRUPTIONS, type Finding } from './corruptions.ts';
import { expectFindings } from './expect-findings.ts';
import { realSurgery } from './real-surgery.ts';
import { type Patient, prepare } from './surgery.ts';
import { useRealInstallation } from './use-real-installation.ts';

const CORRUPTED = 100;
const CLEAN = 5;
const SEED = 20261122;
const never = new AbortController().signal;

describeWithRedisServer('100 corruptions on the real servers', () => {
  const onRealServers = useRealInstallation();

  const reportOf = (id: CampaignId) => onRealServers().installation.get(T.reconciliationReports).find(id);
  const isAlarm = (report: ReconciliationReport | null): boolean =>
    report?.verification?.disagreements.count !== 0 || report.unverifiable !== null;

  it('are found, each at its sequence, and nothing else is', { timeout: 180_000 }, async () => {
    const { server, database, installation } = onRealServers();
    const random = seededNumbers(SEED);
    const surgery = realSurgery(server.admin, database, installation.get(T.failedEventStore));
    const reconciler = installation.reconciler(300);
    const granted: (readonly [CampaignId, ReadonlyMap<number, UserId>])[] = [];
    for (let made = 0; made < CORRUPTED + CLEAN; made += 1) {
      const id = await installation.open(20);
      granted.push([id, await installation.apply(id, someUsers(12))]);
    }
    // Everybody is settled and recorded: a campaign at rest has nothing unseen.
    await reconciler.execute(never);
    const patients: Patient[] = [];
    for (const [id, users] of granted) {
      const verification = (await reportOf(id))?.verification;
      expect(verification).toMatchObject({ log: 'complete', disagreements: { count: 0, first: [] } });
      patients.push(await prepare(surgery, id, users, random));
    }
    await reconciler.execute(never);
    for (const { id } of patients) {
      const report = await reportOf(id);
      expect(report?.verification).toMatchObject({ watermark: 12, disagreements: { count: 0, first: [] } });
      expect(isAlarm(report)).toBe(false);
    }

    const names = Object.keys(CORRUPTIONS);
    const planted: (readonly [CampaignId, string, readonly Finding[]])[] = [];
    for (const [index, patient] of patients.slice(0, CORRUPTED).entries()) {
      const name = names[index % names.length] ?? '';
      const findings = await CORRUPTIONS[name]?.(surgery, patient, random);
      planted.push([patient.id, name, findings ?? []]);
    }
    await reconciler.execute(never);
    for (const [id, name, findings] of planted) {
      expect(findings.length).toBeGreaterThan(0);
      expectFindings(name, await reportOf(id), findings);
    }
    for (const { id } of patients.slice(CORRUPTED)) expect(isAlarm(await reportOf(id))).toBe(false);
    expect(planted).toHaveLength(CORRUPTED);
  });

  it('leave no group behind', async () => {
    const { groups } = await withAdmin(services().kafkaBrokers, (admin) => admin.listGroups());
    expect(groups.filter(({ groupId }) => groupId.startsWith('coupon-reconciliation-'))).toEqual([]);
  });
});
