import type { Server } from '../support/own-servers.ts';
import { between, oneOf, type Random, short } from './chance.ts';
import type { Cause, FaultKind } from './fault.ts';
import type { Scene } from './scene.ts';

/** What can happen on the ways to one server, of all processes or of one. */
export function disturbedWays({ surroundings, fleet }: Scene, server: Server): readonly FaultKind[] {
  const everybody = [...fleet.numbers('api'), ...fleet.numbers('consumer')];
  const touches = [`the way to ${server}`];
  const course = (random: Random, kind: Parameters<typeof surroundings.disturb>[2], lasts: number): Cause => {
    const whose = random() < 0.5 ? everybody : [oneOf(random, everybody)];
    const amount = kind.kind === 'delayed' ? ` by ${kind.by} ms` : '';
    return {
      detail: `${whose === everybody ? 'all processes' : `process ${whose[0]}`}, for ${lasts} ms${amount}`,
      lasts,
      begin: () => surroundings.disturb(server, whose, kind),
      end: () => surroundings.disturb(server, whose, { kind: 'open' }),
    };
  };
  return [
    {
      name: `${server}.cut`,
      family: 'cut',
      touches,
      plan: (random) => course(random, { kind: 'cut' }, between(random, 0, 2_000)),
    },
    {
      name: `${server}.delay`,
      family: 'delay',
      touches,
      // In both directions: a round trip takes twice as long.
      plan: (random) => course(random, { kind: 'delayed', by: between(random, 150, 750) }, short(random)),
    },
    {
      name: `${server}.swallow`,
      family: 'swallow',
      touches,
      plan: (random) => course(random, { kind: 'swallowing' }, short(random)),
    },
  ];
}
