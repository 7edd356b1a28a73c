import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import {
  anOpenCampaign,
  anotherProcess,
  applyAll,
  aWorld,
  type InMemoryWorld,
  someUsers,
} from '../support/in-memory-world.ts';
import { seededNumbers } from '../support/seeded.ts';
import { CORRUPTIONS, type Finding } from './corruptions.ts';
import { expectFindings } from './expect-findings.ts';
import { inMemorySurgery } from './in-memory-surgery.ts';
import { type Patient, prepare } from './surgery.ts';

const names = Object.keys(CORRUPTIONS);
const ROUNDS = 20;
const CAMPAIGNS = 50;

async function aPatient(world: InMemoryWorld, process: InMemoryProcess, random: () => number): Promise<Patient> {
  const id = await anOpenCampaign(process, 20);
  const accepted = await applyAll(process, id, someUsers(12));
  const users = new Map([...accepted].map(([user, sequence]) => [sequence, user] as const));
  await world.drain(process);
  await world.pass(200);
  return prepare(inMemorySurgery(world), id, users, random);
}

const reconcile = (world: InMemoryWorld, { reconcileCampaigns }: InMemoryProcess): Promise<void> =>
  world.finish(reconcileCampaigns.execute(new AbortController().signal));

const alarms = (world: InMemoryWorld): readonly CampaignId[] =>
  [...world.records.reconciliations.values()]
    .filter(({ verification, unverifiable }) => verification?.disagreements.count !== 0 || unverifiable !== null)
    .map(({ campaignId }) => campaignId);

describe('1,000 corruptions in memory', () => {
  it.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))(
    'are found, and nothing else is, with seed %i',
    async (seed) => {
      const { world, process } = await aWorld();
      const random = seededNumbers(seed);
      const patients: Patient[] = [];
      for (let made = 0; made < CAMPAIGNS + 5; made += 1) patients.push(await aPatient(world, process, random));
      await reconcile(world, process);
      expect(alarms(world)).toEqual([]);
      expect(world.records.reconciliations.size).toBe(CAMPAIGNS + 5);

      const planted = new Map<Patient, readonly [string, readonly Finding[]]>();
      for (const [index, patient] of patients.slice(0, CAMPAIGNS).entries()) {
        const name = names[(index + seed * CAMPAIGNS) % names.length] ?? '';
        const findings = await CORRUPTIONS[name]?.(inMemorySurgery(world), patient, random);
        planted.set(patient, [name, findings ?? []]);
      }
      world.time.advance(600_000);
      await reconcile(world, process);
      for (const [{ id }, [name, findings]] of planted) {
        expect(findings.length).toBeGreaterThan(0);
        expectFindings(name, world.records.reconciliations.get(id) ?? null, findings);
      }
      expect(alarms(world).toSorted()).toEqual([...planted.keys()].map(({ id }) => id).toSorted());
    },
  );

  it('are of at least ten kinds', () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
  });
});

describe('a counter that was lowered, with the books kept', () => {
  it('stands below what is recorded, for a process that has never seen more of it', async () => {
    const { world, process } = await aWorld();
    const patient = await aPatient(world, process, seededNumbers(7));
    const surgery = inMemorySurgery(world);
    await surgery.addToMeta(patient.id, 'counter', -3);
    await surgery.addToMeta(patient.id, 'holes', -3);
    await reconcile(world, await anotherProcess(world));
    const report = world.records.reconciliations.get(patient.id) ?? null;
    expectFindings(
      'lowered',
      report,
      [10, 11, 12].map((sequence) => ({ kind: 'above-counter', sequence })),
    );
    await reconcile(world, process);
    expect(world.records.reconciliations.get(patient.id)?.unverifiable).toBe('incomplete');
  });
});

describe('several corruptions of one campaign', () => {
  it('are all named', async () => {
    const { world, process } = await aWorld();
    const random = seededNumbers(7);
    const patient = await aPatient(world, process, random);
    const [first = 0, , third = 0] = patient.coupons;
    const surgery = inMemorySurgery(world);
    await surgery.dropCoupon(patient.id, first);
    await surgery.dropHeld(patient.id, patient.held);
    await surgery.count(patient.id, patient.users.get(third) as UserId, -third);
    await reconcile(world, process);
    const report = world.records.reconciliations.get(patient.id) ?? null;
    expectFindings('three', report, [
      { kind: 'not-recorded', sequence: first },
      { kind: 'not-recorded', sequence: patient.held },
      { kind: 'voided', sequence: third },
    ]);
    expect(report?.verification?.disagreements.count).toBe(3);
  });
});
