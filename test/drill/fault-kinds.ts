import { disturbedWays } from './disturbed-ways.ts';
import type { FaultKind } from './fault.ts';
import { killsAndFreezes } from './kills-and-freezes.ts';
import { redisLosses } from './redis-losses.ts';
import type { Scene } from './scene.ts';
import { SERVERS } from './surroundings.ts';

/** Every kind of fault that this machine allows. */
export const faultKinds = (scene: Scene): readonly FaultKind[] => [
  ...killsAndFreezes(scene),
  ...SERVERS.flatMap((server) => disturbedWays(scene, server)),
  ...redisLosses(scene),
];
