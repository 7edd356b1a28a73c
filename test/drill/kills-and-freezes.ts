import type { Server } from '../support/own-servers.ts';
import { away, between, oneOf } from './chance.ts';
import type { FaultKind } from './fault.ts';
import type { Role } from './fleet.ts';
import type { Scene } from './scene.ts';
import { SERVERS } from './surroundings.ts';

const ROLES: readonly Role[] = ['api', 'consumer'];

/** kill -9 and SIGSTOP of everything that runs. */
export const killsAndFreezes = (scene: Scene): readonly FaultKind[] => [
  ...ROLES.flatMap((role) => [killedProcess(scene, role), frozenProcess(scene, role)]),
  ...SERVERS.flatMap((server) => [killedServer(scene, server), frozenServer(scene, server)]),
];

const killedProcess = ({ fleet }: Scene, role: Role): FaultKind => ({
  name: `${role}.kill`,
  family: 'kill',
  touches: [role],
  plan(random) {
    const index = oneOf(random, fleet.numbers(role));
    return {
      detail: `process ${index}`,
      lasts: away(random),
      begin: () => fleet.killOne(index),
      end: () => fleet.restart(index),
    };
  },
});

const frozenProcess = ({ fleet }: Scene, role: Role): FaultKind => ({
  name: `${role}.freeze`,
  family: 'freeze',
  touches: [role],
  plan(random) {
    const index = oneOf(random, fleet.numbers(role));
    const lasts = between(random, 500, 4_000);
    return {
      detail: `process ${index} for ${lasts} ms`,
      lasts,
      begin: () => fleet.process(index).freeze(),
      end: () => fleet.process(index).thaw(),
    };
  },
});

const killedServer = ({ surroundings: { servers } }: Scene, server: Server): FaultKind => ({
  name: `${server}.kill`,
  family: 'kill',
  touches: [server],
  plan: (random) => ({
    detail: 'restarted with what is on its disk',
    lasts: away(random),
    begin: () => servers.kill(server),
    end: () => servers.start(server),
  }),
});

const frozenServer = ({ surroundings: { servers } }: Scene, server: Server): FaultKind => ({
  name: `${server}.freeze`,
  family: 'freeze',
  touches: [server],
  plan(random) {
    const lasts = between(random, 500, 4_000);
    return {
      detail: `for ${lasts} ms`,
      lasts,
      begin: () => servers.freeze(server),
      end: () => servers.thaw(server),
    };
  },
});
