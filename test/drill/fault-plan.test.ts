import { describe, expect, it } from 'vitest';
import type { FaultKind } from './fault.ts';
import { chosen, FaultPlan } from './fault-plan.ts';
import { readOptions } from './options.ts';

const kind = (name: string, family: FaultKind['family']): FaultKind => ({
  name,
  family,
  touches: [name],
  plan: (random) => ({ detail: String(random()), lasts: 0, begin: () => {}, end: () => {} }),
});
const KINDS = [
  kind('redis.kill', 'kill'),
  kind('redis.cut', 'cut'),
  kind('kafka.kill', 'kill'),
  kind('api.freeze', 'freeze'),
];
const names = (kinds: readonly FaultKind[]) => kinds.map(({ name }) => name);

describe('a plan of faults', () => {
  const taken = (seed: number) => {
    const plan = new FaultPlan(KINDS, seed);
    return Array.from({ length: 12 }, () => plan.take(() => true)).map(
      (next) => `${next?.kind.name} ${next?.cause.detail}`,
    );
  };

  it('is the same for the same seed, and another for another', () => {
    expect(taken(7)).toEqual(taken(7));
    expect(taken(7)).not.toEqual(taken(8));
  });

  it('has every kind once in each round', () => {
    const plan = new FaultPlan(KINDS, 1);
    const round = Array.from({ length: 4 }, () => plan.take(() => true)?.kind.name);
    expect(new Set(round)).toEqual(new Set(names(KINDS)));
  });

  it('gives the next that may begin, and keeps the others', () => {
    const plan = new FaultPlan(KINDS, 1);
    expect(plan.take(({ kind: { name } }) => name === 'kafka.kill')?.kind.name).toBe('kafka.kill');
    expect(plan.take(({ kind: { name } }) => name === 'kafka.kill')).toBeNull();
    expect(plan.take(() => true)).not.toBeNull();
  });

  it('is of the kinds that were asked for', () => {
    expect(names(chosen(KINDS, ['redis']))).toEqual(['redis.kill', 'redis.cut']);
    expect(names(chosen(KINDS, ['kill', 'api.freeze']))).toEqual(['redis.kill', 'kafka.kill', 'api.freeze']);
    expect(() => chosen(KINDS, ['mongo'])).toThrow('no faults mongo; there are redis.kill');
  });
});

describe('the options', () => {
  it('are understood', () => {
    expect(
      readOptions(['--faults', '20', '--seed', '3', '--only', 'redis,kafka.freeze', '--streams', '1']),
    ).toMatchObject({
      faults: 20,
      seed: 3,
      only: ['redis', 'kafka.freeze'],
      streams: 1,
      sabotage: null,
    });
    expect(readOptions(['--help'])).toBe('help');
  });

  it.each([
    [['--faults', 'many'], '--faults must be a whole number'],
    [['--streams', '3'], '--streams must be a whole number from 1 to 2'],
    [['--fault', '3'], '--fault'],
  ])('name what is wrong with %s', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
