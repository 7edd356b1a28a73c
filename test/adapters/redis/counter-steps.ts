import * as fc from 'fast-check';
import type { CounterPart } from '../../../src/adapters/in-memory/in-memory-counter-store.ts';
import type { CampaignTerms } from '../../../src/domain/campaign.ts';
import type { Holder } from '../../../src/domain/counter-standing.ts';
import type { OpeningHours } from '../../../src/domain/ports/issuance-counter.ts';
import { parseUserId, type UserId } from '../../../src/domain/user-id.ts';

export interface Mark {
  readonly user: UserId;
  readonly sequence: number;
  readonly epoch: number;
}

/** What a rebuild puts in place. */
export interface Replacement {
  readonly epoch: number;
  readonly version: number;
  readonly limit: number;
  readonly burnt: number;
  readonly highest: number;
  readonly holders: readonly Holder[];
}

type Terms = Pick<CampaignTerms, 'limit' | 'startsAt' | 'endsAt'>;

/** One thing that somebody asks of the counter of one campaign, or that happens to it. */
export type Step =
  | { readonly kind: 'admit'; readonly marks: readonly Mark[]; readonly batch: readonly [UserId, OpeningHours][] }
  | { readonly kind: 'find'; readonly user: UserId }
  | { readonly kind: 'standing' }
  | { readonly kind: 'sample' }
  | { readonly kind: 'survivors' }
  | { readonly kind: 'fence' }
  | { readonly kind: 'serve' }
  | { readonly kind: 'stale'; readonly most: number }
  | { readonly kind: 'confirms'; readonly mark: Mark }
  | { readonly kind: 'clear'; readonly marks: readonly Mark[] }
  | { readonly kind: 'mark'; readonly epoch: number; readonly holders: readonly Holder[] }
  | { readonly kind: 'void'; readonly user: UserId; readonly sequence: number }
  | ({ readonly kind: 'change'; readonly burnt: number; readonly version: number } & Terms)
  | ({ readonly kind: 'prepare'; readonly token: string } & Terms)
  | { readonly kind: 'open'; readonly token: string }
  | { readonly kind: 'close'; readonly epoch: number }
  | ({ readonly kind: 'replace' } & Replacement)
  | { readonly kind: 'retire'; readonly version: number }
  | { readonly kind: 'lose'; readonly part: CounterPart };

const USERS = ['1', '2', '3', '4', '5', '6', '9007199254740993', '9223372036854775807'].map(parseUserId);
const TOKENS = ['token', 'other'];

const user = fc.constantFrom(...USERS);
const sequence = fc.integer({ min: 1, max: 8 });
const epoch = fc.constantFrom(1, 1, 1, 2, 2, 3, 4);
const version = fc.integer({ min: 1, max: 12 });
const limit = fc.integer({ min: 1, max: 8 });
const hours = fc.constantFrom<OpeningHours>('respected', 'respected', 'any-time');
/** Nothing, long ago, and not in this century. */
const time = fc.constantFrom(null, null, 1_000, 4_000_000_000_000);
const terms = { limit, startsAt: time, endsAt: time };
const mark = fc.record({ user, sequence, epoch });
const marks = fc.array(mark, { maxLength: 6 });
const holder = fc.record({ userId: user, sequence, voided: fc.boolean() });
const holders = fc.uniqueArray(holder, { maxLength: 6, selector: ({ userId }) => userId });

/** As a rebuild makes it: nobody holds what another holds, and nothing lies above the highest. */
const replacement = fc
  .record({
    epoch,
    version,
    limit,
    burnt: fc.nat(2),
    gap: fc.nat(2),
    users: fc.uniqueArray(user, { maxLength: 6 }),
    gaps: fc.array(fc.nat(1), { minLength: 6, maxLength: 6 }),
    voided: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  })
  .map(({ users, gaps, voided, gap, ...rest }): Replacement => {
    let highest = 0;
    const placed = users.map((userId, index): Holder => {
      highest += 1 + (gaps[index] ?? 0);
      return { userId, sequence: highest, voided: voided[index] ?? false };
    });
    return { ...rest, highest: highest + gap, holders: placed };
  });

const of = <const Kind extends string, Rest extends object>(
  kind: Kind,
  rest: { [Key in keyof Rest]: fc.Arbitrary<Rest[Key]> },
): fc.Arbitrary<{ readonly kind: Kind } & Rest> => fc.record<Rest>(rest).map((each) => ({ kind, ...each }));

/** Applications and repeats most of all, damage seldom. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: of('admit', { marks, batch: fc.array(fc.tuple(user, hours), { minLength: 1, maxLength: 40 }) }),
  },
  { weight: 3, arbitrary: of('find', { user }) },
  { weight: 4, arbitrary: fc.constantFrom<Step>({ kind: 'standing' }, { kind: 'sample' }) },
  { weight: 2, arbitrary: of('stale', { most: fc.nat(3) }) },
  { weight: 2, arbitrary: of('confirms', { mark }) },
  { weight: 3, arbitrary: of('clear', { marks }) },
  { weight: 3, arbitrary: of('mark', { epoch, holders: fc.array(holder, { maxLength: 6 }) }) },
  { weight: 4, arbitrary: of('void', { user, sequence }) },
  { weight: 6, arbitrary: of('change', { ...terms, burnt: fc.nat(2), version }) },
  { weight: 1, arbitrary: of('prepare', { ...terms, token: fc.constantFrom(...TOKENS) }) },
  { weight: 2, arbitrary: of('open', { token: fc.constantFrom(...TOKENS) }) },
  { weight: 2, arbitrary: of('close', { epoch }) },
  { weight: 3, arbitrary: replacement.map((rest): Step => ({ kind: 'replace', ...rest })) },
  { weight: 1, arbitrary: of('retire', { version }) },
  { weight: 1, arbitrary: of('mark', { epoch, holders }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Step>({ kind: 'survivors' }, { kind: 'fence' }, { kind: 'serve' }, { kind: 'serve' }),
  },
  { weight: 1, arbitrary: of('lose', { part: fc.constantFrom<CounterPart>('meta', 'users', 'pending') }) },
);

const retirement = fc.constantFrom<Step>({ kind: 'retire', version: 12 }, { kind: 'lose', part: 'meta' });

/** A close that is followed by its rebuild is what happens most; left to chance it would hardly happen. */
const rebuild: fc.Arbitrary<readonly Step[]> = fc
  .tuple(replacement, fc.array(step, { maxLength: 2 }))
  .map(([rest, between]): readonly Step[] => [
    { kind: 'close', epoch: rest.epoch },
    ...between,
    { kind: 'replace', ...rest },
  ]);

const PREPARE: Step = { kind: 'prepare', token: 'token', limit: 5, startsAt: null, endsAt: null };
const beginning = fc.oneof(
  { weight: 8, arbitrary: fc.constant<readonly Step[]>([PREPARE, { kind: 'open', token: 'token' }]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<readonly Step[]>([PREPARE], [PREPARE, { kind: 'open', token: 'other' }], []),
  },
);

const MOST_STEPS = 60;

const something = fc.oneof(
  { weight: 12, arbitrary: step.map((one): readonly Step[] => [one]) },
  { weight: 1, arbitrary: rebuild },
  // What was removed, or lost as a whole, is often prepared again, with something of it left or not.
  {
    weight: 1,
    arbitrary: fc.tuple(retirement, beginning).map(([removed, again]): readonly Step[] => [removed, ...again]),
  },
);

export const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(beginning, fc.array(something, { maxLength: MOST_STEPS, size: 'max' }))
  .map(([first, parts]) => [...first, ...parts.flat()].slice(0, MOST_STEPS));
