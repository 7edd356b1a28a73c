import type { CampaignState, Holders } from './campaign-state.ts';
import type { Findings } from './check.ts';
import type { Giveaway } from './giveaway.ts';

/** What the three servers say about one campaign at rest, against each other and against what was asked for. */
export function checkCampaign(giveaway: Giveaway, state: CampaignState, findings: Findings): void {
  checkLimit(giveaway, state, findings);
  checkSlots(giveaway.id, state, findings);
  checkAgreement(giveaway.id, state, findings);
  checkHours(giveaway, state, findings);
  for (const userId of state.duplicates) findings.duplicates.add(`${giveaway.id}: ${userId}`);
  for (const { count, report } of state.alarms) findings.alarms.add(`${giveaway.id}: ${report.slice(0, 300)}`, count);
  for (const [reason, count] of state.failedEvents)
    findings.failedEvents.add(`${giveaway.id}: ${count} ${reason}`, count);
}

function checkLimit({ id, highestLimit }: Giveaway, state: CampaignState, { oversold }: Findings): void {
  const { coupons, burnt, ceiling, limit } = state;
  const most = Math.max(highestLimit, limit);
  if (coupons.size > most) oversold.add(`${id}: ${coupons.size} coupons, limit ${most}`, coupons.size - most);
  if (coupons.size + burnt.length > ceiling) {
    oversold.add(`${id}: ${coupons.size} coupons and ${burnt.length} burnt, ceiling ${ceiling}`);
  }
  for (const [userId, sequence] of coupons) {
    if (sequence < 1 || sequence > ceiling) oversold.add(`${id}: ${userId} has ${sequence}, ceiling ${ceiling}`);
  }
}

/** At rest: limit = free + issued + held, and every number that was burnt has been replaced by one. */
function checkSlots(
  id: string,
  { counter, ceiling, limit, coupons, held, burnt }: CampaignState,
  findings: Findings,
): void {
  const { leaked } = findings;
  if (counter === null) {
    leaked.add(`${id}: Redis does not know it`);
    return;
  }
  if (counter.pending > 0) leaked.add(`${id}: ${counter.pending} are still pending`, counter.pending);
  const free = ceiling - counter.counter;
  const missing = limit - free - coupons.size - held.size;
  if (missing !== 0) {
    leaked.add(`${id}: limit ${limit}, free ${free}, issued ${coupons.size}, held ${held.size}`, Math.abs(missing));
  }
  if (ceiling - limit !== burnt.length) leaked.add(`${id}: ceiling ${ceiling}, limit ${limit}, burnt ${burnt.length}`);
}

/** User by user: the counter = the record, and of every coupon there is an event in the topic and the other way round. */
function checkAgreement(id: string, state: CampaignState, { disagreements, lost }: Findings): void {
  const { counter, coupons, held, burnt, events } = state;
  const recorded: Holders = new Map([...coupons, ...held]);
  for (const { userId, sequence } of burnt) if (userId !== null) recorded.set(userId, -sequence);
  if (counter !== null) {
    for (const [userId, sequence] of counter.users) {
      if (recorded.get(userId) === undefined) lost.add(`${id}: ${userId} holds ${sequence}, and has no record`);
      else if (recorded.get(userId) !== sequence)
        disagreements.add(`${id}: ${userId} ${sequence} ${recorded.get(userId)}`);
    }
    for (const [userId, sequence] of recorded) {
      if (!counter.users.has(userId))
        disagreements.add(`${id}: ${userId} has ${sequence}, and Redis does not know him`);
    }
    if (counter.limit !== state.limit || counter.ceiling !== state.ceiling) {
      const { limit, ceiling } = counter;
      disagreements.add(`${id}: limit ${limit} ≠ ${state.limit} or ceiling ${ceiling} ≠ ${state.ceiling}`);
    }
  }
  const published = new Map<string, Set<number>>();
  for (const { userId, sequence } of events) {
    const sequences = published.get(userId) ?? new Set<number>();
    published.set(userId, sequences.add(sequence));
    if (!recorded.has(userId)) lost.add(`${id}: ${userId} is in the topic with ${sequence}, and has no record`);
  }
  for (const [userId, sequence] of recorded) {
    if (published.get(userId)?.has(Math.abs(sequence)) !== true) {
      disagreements.add(`${id}: ${userId} has ${sequence}, and the topic has no event of it`);
    }
  }
}

function checkHours(giveaway: Giveaway, { events }: CampaignState, { outsideHours }: Findings): void {
  for (const { userId, grantedAt } of events) {
    if (giveaway.mayGrantAt(grantedAt)) continue;
    outsideHours.add(`${giveaway.id}: ${userId} was granted at ${new Date(grantedAt).toISOString()}`);
  }
}
