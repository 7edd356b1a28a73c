import type { DisagreementKind } from '../../src/domain/reconciliation.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { randomUserId } from '../support/random.ts';
import type { Patient, Surgery } from './surgery.ts';

/** What a reconciliation must say: one disagreement of this kind at this sequence, or why it can say nothing. */
export type Finding =
  | { readonly kind: DisagreementKind; readonly sequence: number | null }
  | { readonly unverifiable: 'incomplete' | 'missing' };

type Corruption = (surgery: Surgery, patient: Patient, random: () => number) => Promise<readonly Finding[]>;

const couponOf = ({ coupons }: Patient, random: () => number): number =>
  coupons[Math.floor(random() * coupons.length)] ?? 0;
const userOf = ({ users }: Patient, sequence: number): UserId => users.get(sequence) as UserId;
const someOf = (random: () => number): number => 1 + Math.floor(random() * 3);

/** Two different sequences that are coupons. */
function pairOf(patient: Patient, random: () => number): readonly [number, number] {
  const one = couponOf(patient, random);
  const others = patient.coupons.filter((sequence) => sequence !== one);
  return [one, others[Math.floor(random() * others.length)] ?? 0];
}

export const CORRUPTIONS: Readonly<Record<string, Corruption>> = {
  async 'a ghost user in Redis, counted'(surgery, { id, counter }) {
    await surgery.count(id, randomUserId(), counter + 1);
    await surgery.addToMeta(id, 'counter', 1);
    return [{ kind: 'not-recorded', sequence: counter + 1 }];
  },
  async 'a ghost user in Redis, in a hole'(surgery, { id, hole }) {
    await surgery.count(id, randomUserId(), hole);
    await surgery.addToMeta(id, 'holes', -1);
    return [{ kind: 'burnt-but-counted', sequence: hole }];
  },
  async "a ghost user in Redis, on somebody's sequence"(surgery, patient, random) {
    const sequence = couponOf(patient, random);
    await surgery.count(patient.id, randomUserId(), sequence);
    await surgery.addToMeta(patient.id, 'holes', -1);
    return [{ kind: 'counted-twice', sequence }];
  },
  async 'a ghost user in Redis, far above the counter'(surgery, { id, counter }) {
    await surgery.count(id, randomUserId(), counter + 100);
    await surgery.addToMeta(id, 'holes', -1);
    return [{ kind: 'above-counter', sequence: counter + 100 }];
  },
  async 'a ghost user in Redis, not counted'(surgery, { id, counter }) {
    await surgery.count(id, randomUserId(), counter + 1);
    return [{ unverifiable: 'incomplete' }];
  },
  async 'a user dropped from Redis, and the books kept'(surgery, patient, random) {
    const sequence = couponOf(patient, random);
    await surgery.uncount(patient.id, userOf(patient, sequence));
    await surgery.addToMeta(patient.id, 'holes', 1);
    return [{ kind: 'not-counted', sequence }];
  },
  async 'a user dropped from Redis'(surgery, patient, random) {
    await surgery.uncount(patient.id, userOf(patient, couponOf(patient, random)));
    return [{ unverifiable: 'incomplete' }];
  },
  async 'the users dropped from Redis'(surgery, { id }) {
    await surgery.loseKey(id, 'users');
    return [{ unverifiable: 'incomplete' }];
  },
  async 'the meta dropped from Redis'(surgery, { id }) {
    await surgery.loseKey(id, 'meta');
    return [{ unverifiable: 'missing' }];
  },
  async 'pending marks dropped from Redis'(surgery, { id }, random) {
    await surgery.addToMeta(id, 'pendingCount', someOf(random));
    return [{ unverifiable: 'incomplete' }];
  },
  async 'the counter raised, and the books kept'(surgery, { id, counter }, random) {
    const by = someOf(random);
    await surgery.addToMeta(id, 'counter', by);
    await surgery.addToMeta(id, 'holes', by);
    return Array.from({ length: by }, (_, index) => ({ kind: 'not-recorded', sequence: counter + 1 + index }));
  },
  async 'the counter lowered, and the books kept'(surgery, { id }, random) {
    const by = someOf(random);
    await surgery.addToMeta(id, 'counter', -by);
    await surgery.addToMeta(id, 'holes', -by);
    // By a process that has seen more of it.
    return [{ unverifiable: 'incomplete' }];
  },
  async 'the counter changed'(surgery, { id }, random) {
    await surgery.addToMeta(id, 'counter', random() < 0.5 ? someOf(random) : -someOf(random));
    return [{ unverifiable: 'incomplete' }];
  },
  async 'the sequences of two users swapped in Redis'(surgery, patient, random) {
    const [one, other] = pairOf(patient, random);
    await surgery.count(patient.id, userOf(patient, one), other);
    await surgery.count(patient.id, userOf(patient, other), one);
    return [one, other].map((sequence) => ({ kind: 'other-user', sequence }));
  },
  async 'the limit changed in Redis'(surgery, { id }, random) {
    const by = someOf(random);
    await surgery.addToMeta(id, 'limit', by);
    await surgery.addToMeta(id, 'ceiling', by);
    return [{ kind: 'terms', sequence: null }];
  },
  async 'the epoch changed in Redis'(surgery, { id }, random) {
    await surgery.addToMeta(id, 'epoch', someOf(random));
    return [{ kind: 'epoch', sequence: null }];
  },
  async 'a coupon deleted'(surgery, patient, random) {
    const sequence = couponOf(patient, random);
    await surgery.dropCoupon(patient.id, sequence);
    return [{ kind: 'not-recorded', sequence }];
  },
  async 'the sequences of two coupons swapped'(surgery, patient, random) {
    const [one, other] = pairOf(patient, random);
    await surgery.dropCoupon(patient.id, one);
    await surgery.dropCoupon(patient.id, other);
    await surgery.addCoupon(patient.id, one, userOf(patient, other));
    await surgery.addCoupon(patient.id, other, userOf(patient, one));
    return [one, other].flatMap((sequence) => [
      { kind: 'other-user', sequence },
      { kind: 'no-event', sequence },
    ]);
  },
  async 'a coupon of another user'(surgery, patient, random) {
    const sequence = couponOf(patient, random);
    await surgery.dropCoupon(patient.id, sequence);
    await surgery.addCoupon(patient.id, sequence, randomUserId());
    return [{ kind: 'other-user', sequence }];
  },
  async 'a coupon above the counter'(surgery, { id, counter }, random) {
    const sequence = counter + someOf(random);
    await surgery.addCoupon(id, sequence, randomUserId());
    return [{ kind: 'above-counter', sequence }];
  },
  async 'a coupon on top of a failed event'(surgery, patient) {
    await surgery.addCoupon(patient.id, patient.held, userOf(patient, patient.held));
    return [{ kind: 'recorded-twice', sequence: patient.held }];
  },
  async 'a failed event dropped'(surgery, { id, held }) {
    await surgery.dropHeld(id, held);
    return [{ kind: 'not-recorded', sequence: held }];
  },
  async 'the burnt record of a hole deleted'(surgery, { id, hole }) {
    await surgery.dropBurnt(id, hole);
    return [
      { kind: 'not-recorded', sequence: hole },
      { kind: 'ceiling', sequence: null },
    ];
  },
  async 'the burnt record of a void deleted'(surgery, { id, voided }) {
    await surgery.dropBurnt(id, voided);
    return [{ kind: 'not-recorded', sequence: voided }];
  },
  async 'a coupon recorded as burnt as well'(surgery, patient, random) {
    const sequence = couponOf(patient, random);
    await surgery.addBurnt(patient.id, sequence, null);
    return [
      { kind: 'recorded-twice', sequence },
      { kind: 'ceiling', sequence: null },
    ];
  },
  async 'a void mark missing in Redis'(surgery, patient) {
    await surgery.count(patient.id, userOf(patient, patient.voided), patient.voided);
    return [{ kind: 'not-voided', sequence: patient.voided }];
  },
  async 'a void mark on a good grant'(surgery, patient, random) {
    const sequence = couponOf(patient, random);
    await surgery.count(patient.id, userOf(patient, sequence), -sequence);
    return [{ kind: 'voided', sequence }];
  },
  async 'the ceiling changed in MySQL'(surgery, { id }, random) {
    await surgery.addToCampaign(id, 'ceiling', someOf(random));
    return [
      { kind: 'ceiling', sequence: null },
      { kind: 'terms', sequence: null },
    ];
  },
  async 'the limit changed in MySQL'(surgery, { id }, random) {
    const by = someOf(random);
    await surgery.addToCampaign(id, 'limit', by);
    await surgery.addToCampaign(id, 'ceiling', by);
    return [{ kind: 'terms', sequence: null }];
  },
  async 'the minimum epoch raised in MySQL'(surgery, { id }) {
    await surgery.addToCampaign(id, 'minimumEpoch', 1);
    return [{ kind: 'epoch', sequence: null }];
  },
  async 'a grant in Redis and MySQL without an event'(surgery, { id, counter }) {
    const user = randomUserId();
    await surgery.count(id, user, counter + 1);
    await surgery.addToMeta(id, 'counter', 1);
    await surgery.addCoupon(id, counter + 1, user);
    return [{ kind: 'no-event', sequence: counter + 1 }];
  },
};
