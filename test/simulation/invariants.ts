import type { CampaignShelf } from '../../src/adapters/in-memory/records.ts';
import type { CampaignRecord } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { FailedEvent } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { InvariantId, Violation } from './history.ts';
import { holdingsOf } from './holdings.ts';
import { nameOf } from './simulated-log.ts';
import type { World } from './world.ts';

type Violate = (invariant: InvariantId, detail: string) => void;

interface Campaign {
  readonly world: World;
  readonly shelf: CampaignShelf;
  readonly record: CampaignRecord;
  readonly violate: Violate;
}

/** Compares, user by user, what everybody was told with what the servers hold: nothing of it may be left once everything is healthy again. */
export function disagreements(world: World, id: CampaignId): readonly Violation[] {
  const found: Violation[] = [];
  const violate: Violate = (invariant, detail) => found.push({ invariant, detail: `at the end: ${detail}` });
  const shelf = world.records.find(id);
  if (!shelf?.record) {
    violate('liveness', `${id} was never recorded`);
    return found;
  }
  const campaign = { world, shelf, record: shelf.record, violate };
  checkLimit(campaign);
  checkPromises(campaign);
  checkOrder(campaign);
  checkAgreement(campaign);
  checkFailures(campaign);
  checkTerms(campaign);
  checkReport(campaign);
  return found;
}

/** I1 and I2. */
function checkLimit({ world, shelf, record, violate }: Campaign): void {
  const { couponsBySequence, couponsByUser, burnt } = shelf;
  const { id, ceiling, limit } = record;
  const highest = world.history.highestLimit(id);
  if (couponsByUser.size > highest) violate('I1', `${id} gave ${couponsByUser.size} coupons of at most ${highest}`);
  if (burnt.size !== ceiling - limit) {
    violate('I1', `${id} has ${burnt.size} burnt sequences, ceiling ${ceiling} and limit ${limit}`);
  }
  if (couponsBySequence.size + burnt.size > ceiling) violate('I1', `${id} gave more than its ceiling`);
  for (const [sequence, coupon] of couponsBySequence) {
    if (sequence < 1 || sequence > ceiling) violate('I1', `${nameOf(coupon)} is outside 1 to ${ceiling}`);
    if (couponsByUser.get(coupon.userId) !== coupon) violate('I2', `${nameOf(coupon)} is not the user's only one`);
    if (burnt.has(sequence)) violate('I1', `${nameOf(coupon)} is burnt`);
  }
  for (const coupon of couponsByUser.values()) {
    if (couponsBySequence.get(coupon.sequence) !== coupon) violate('I1', `${nameOf(coupon)} shares its sequence`);
  }
}

/** I3: everybody who was told a sequence has that coupon, a visible failed event of it, or a void of it. */
function checkPromises({ world: { history }, shelf, record: { id }, violate }: Campaign): void {
  const holdings = holdingsOf(shelf);
  for (const { campaignId, userId, told } of history.applicants.values()) {
    if (campaignId !== id || told === null) continue;
    const { sequence } = told;
    if (Math.abs(holdings.get(userId) ?? 0) !== sequence) {
      violate('I3', `${nameOf({ campaignId, userId, sequence })} was told and is nowhere`);
    }
  }
}

/** I8: whoever was told before another first asked has the lower sequence. */
function checkOrder({ world: { history }, record: { id }, violate }: Campaign): void {
  const told = [...history.applicants.values()].flatMap((applicant) =>
    applicant.campaignId === id && applicant.told !== null ? [{ ...applicant, told: applicant.told }] : [],
  );
  const byTold = told.toSorted((a, b) => a.told.at - b.told.at);
  let highest = 0;
  let next = 0;
  for (const { sentAt, userId, told: later } of told.toSorted((a, b) => a.sentAt - b.sentAt)) {
    for (let earlier = byTold[next]; earlier && earlier.told.at < sentAt; earlier = byTold[next]) {
      highest = Math.max(highest, earlier.told.sequence);
      next += 1;
    }
    if (later.sequence < highest)
      violate('I8', `${id}/${later.sequence} of ${userId} was asked for after ${highest} had been told`);
  }
}

/** I5 and I6: counter, log and record agree, user by user, and every slot is somewhere. */
function checkAgreement({ world, shelf, record: { id }, violate }: Campaign): void {
  const { meta, users, pending } = world.store.get(id);
  if (meta?.state !== 'open') {
    violate('liveness', `${id} is ${meta?.state ?? 'missing'} in the counter`);
    return;
  }
  if (pending.size > 0) violate('I3', `${id} still has ${pending.size} pending grants`);
  const recorded = holdingsOf(shelf);
  for (const [userId, sequence] of recorded) {
    const held = users.get(userId);
    if (held !== sequence) violate('I5', `${id}: ${userId} has ${sequence} in the record, ${held} in the counter`);
  }
  for (const [userId, sequence] of users) {
    if (!recorded.has(userId)) violate('I5', `${id}: ${userId} has ${sequence} in the counter, none in the record`);
  }
  for (const coupon of shelf.couponsBySequence.values()) {
    if (!world.log.appended.has(nameOf(coupon))) violate('I5', `${nameOf(coupon)} never was in the log`);
  }
  const holes = [...shelf.burnt.values()].filter(({ userId }) => userId === null).length;
  if (recorded.size + holes !== meta.counter) {
    violate('I6', `${id}: counter ${meta.counter}, but ${recorded.size} holders and ${holes} burnt for nobody`);
  }
}

const isForged = ({ grantedAt }: Grant): boolean => grantedAt === 0;

/** I10: only bad data fails; what came too late for its epoch waits, without an attempt that counts. */
function checkFailures({ world: { records, history }, record: { id }, violate }: Campaign): void {
  const isExpected = ({ grant, reason, detail, attempts }: FailedEvent): boolean =>
    grant === null ||
    grant.campaignId !== id ||
    isForged(grant) ||
    detail.includes('refused data') ||
    (reason === 'late-epoch' && attempts === 0) ||
    history.wasRefused(grant.userId);
  for (const { event } of records.failedEvents.values()) {
    if (isExpected(event)) continue;
    const { grant, reason, detail, attempts } = event;
    violate('I10', `the event of ${grant && nameOf(grant)} failed: ${reason}, ${detail}, ${attempts} attempts`);
  }
}

/** What the operator was told is in force, in the record and in the counter, unless a later change has replaced it. */
function checkTerms({ world: { history, store }, record, violate }: Campaign): void {
  const { id, limit, startsAt, endsAt, ceiling, version } = record;
  const limits = history.inForce(id, (change) => change.limit !== undefined);
  const isAsked = limits.some((change) => change.limit === limit);
  const isClamp = limits.some(
    ({ clamped, endedAt, limit: asked = 0 }) =>
      limit >= asked && (clamped === true || endedAt === Number.POSITIVE_INFINITY),
  );
  if (!isAsked && !isClamp)
    violate('terms', `${id} has limit ${limit}, may have ${limits.map((change) => change.limit).join(' or ')}`);
  const windows = history.inForce(id, ({ window }) => window !== undefined);
  if (!windows.some(({ window }) => window?.startsAt === startsAt && window?.endsAt === endsAt)) {
    violate('terms', `${id} has hours ${startsAt} to ${endsAt}, which were replaced or never asked for`);
  }
  const { meta } = store.get(id);
  if (meta?.state !== 'open') return;
  const inCounter = JSON.stringify([meta.limit, meta.ceiling, meta.startsAt, meta.endsAt, meta.version]);
  const inRecord = JSON.stringify([limit, ceiling, startsAt, endsAt, version]);
  if (inCounter !== inRecord) violate('terms', `${id}: the counter has ${inCounter}, the record ${inRecord}`);
}

/** The service's own comparison finds nothing either, but that a log which was lost lacks its events. */
function checkReport({ world: { records, log }, record: { id }, violate }: Campaign): void {
  const named = records.reconciliations.get(id)?.verification?.disagreements.first ?? [];
  const [first] = named.filter(({ kind }) => kind !== 'no-event' || !log.wasLost);
  if (first !== undefined) violate('report', `${id}: ${JSON.stringify(first)}`);
}
