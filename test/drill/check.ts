import { readHistory } from '../../scripts/load/history.ts';
import { countMatrix } from '../../scripts/load/matrix.ts';
import { TOLD, type Told } from '../../scripts/load/told.ts';
import { TRUE_STATES, type TrueState, type Truth } from '../../scripts/load/truth.ts';
import { judge, type Verdict } from '../../scripts/load/verdict.ts';
import type { CampaignState } from './campaign-state.ts';
import { checkCampaign } from './check-campaign.ts';
import { Finding } from './finding.ts';
import type { Giveaway } from './giveaway.ts';

export interface Findings {
  readonly oversold: Finding;
  readonly duplicates: Finding;
  readonly unkept: Finding;
  readonly lost: Finding;
  readonly toldTwice: Finding;
  readonly disagreements: Finding;
  readonly leaked: Finding;
  readonly contradictions: Finding;
  readonly overtaken: Finding;
  readonly outsideHours: Finding;
  readonly failedEvents: Finding;
  readonly alarms: Finding;
}

export type Matrix = Record<Told, Record<TrueState, number>>;

export interface Checked {
  readonly findings: Findings;
  /** Users by the strongest answer and by what they have. */
  readonly users: Matrix;
  readonly answers: Matrix;
  readonly coupons: number;
  readonly notes: readonly string[];
}

/** Judges what everybody was told, campaign by campaign, by what lies in the servers. */
export async function check(
  giveaways: ReadonlyMap<string, Giveaway>,
  states: ReadonlyMap<string, CampaignState>,
): Promise<Checked> {
  const findings = noFindings();
  const [users, answers] = [emptyMatrix(), emptyMatrix()];
  const notes: string[] = [];
  let coupons = 0;
  for (const giveaway of giveaways.values()) {
    const state = states.get(giveaway.id);
    const verdict = judge(await readHistory(giveaway.history.path), truthOf(giveaway, state));
    addVerdict(giveaway.id, verdict, findings);
    sum(users, verdict.users);
    sum(answers, verdict.answers);
    notes.push(...verdict.notes.map((note) => `${giveaway.id}: ${note}`));
    // A campaign whose opening was never carried out, and never said to be.
    if (state === undefined) continue;
    checkCampaign(giveaway, state, findings);
    coupons += state.coupons.size;
  }
  return { findings, users, answers, coupons, notes };
}

function addVerdict(id: string, { violations }: Verdict, findings: Findings): void {
  const places: Readonly<Record<keyof Verdict['violations'], Finding>> = {
    'accepted-and-nothing': findings.unkept,
    'accepted-and-unsettled': findings.unkept,
    'accepted-without-sequence': findings.contradictions,
    'two-sequences-for-one-user': findings.contradictions,
    'one-sequence-for-two-users': findings.toldTwice,
    'another-sequence-recorded': findings.contradictions,
    'promise-taken-back': findings.contradictions,
    'coupon-after-refusals': findings.contradictions,
    'more-promises-than-the-limit': findings.oversold,
    'more-coupons-than-the-limit': findings.oversold,
    'sequence-above-the-ceiling': findings.oversold,
    'out-of-order': findings.overtaken,
  };
  for (const [kind, finding] of Object.entries(places)) {
    const { count, examples } = violations[kind as keyof typeof places];
    if (count > 0) finding.add(`${id}: ${kind}: ${examples.join('; ')}`, count);
  }
}

function truthOf(giveaway: Giveaway, state: CampaignState | undefined): Truth {
  const users = new Map<string, { readonly state: TrueState; readonly sequence: number | null }>();
  for (const { userId, sequence } of state?.burnt ?? [])
    if (userId !== null) users.set(userId, { state: 'void', sequence });
  for (const [userId, sequence] of state?.held ?? []) users.set(userId, { state: 'failed-event', sequence });
  for (const [userId, sequence] of state?.coupons ?? []) users.set(userId, { state: 'coupon', sequence });
  const limit = giveaway.highestLimit;
  return { users, limit, burnt: state?.burnt.length ?? 0, coupons: state?.coupons.size ?? 0 };
}

const noFindings = (): Findings => ({
  oversold: new Finding(),
  duplicates: new Finding(),
  unkept: new Finding(),
  lost: new Finding(),
  toldTwice: new Finding(),
  disagreements: new Finding(),
  leaked: new Finding(),
  contradictions: new Finding(),
  overtaken: new Finding(),
  outsideHours: new Finding(),
  failedEvents: new Finding(),
  alarms: new Finding(),
});

const emptyMatrix = (): Matrix => countMatrix([]);

function sum(into: Matrix, more: Verdict['users']): void {
  for (const told of TOLD) for (const state of TRUE_STATES) into[told][state] += more[told][state];
}
