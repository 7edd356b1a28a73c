import { setTimeout as sleep } from 'node:timers/promises';
import { away, between, oneOf, type Random } from './chance.ts';
import type { Cause, FaultKind } from './fault.ts';
import type { Scene } from './scene.ts';

/** What Redis can forget, or refuse to remember. */
export function redisLosses(scene: Scene): readonly FaultKind[] {
  const { surroundings, files, redis, disk } = scene;
  const { servers } = surroundings;
  const whileDown = (random: Random, detail: string, change: () => Promise<unknown>): Cause => ({
    detail,
    lasts: away(random),
    begin: () => servers.kill('redis'),
    end: async () => {
      await change();
      await servers.start('redis');
    },
  });
  const atOnce = (detail: string, begin: () => Promise<unknown>): Cause => ({ detail, lasts: 0, begin, end: () => {} });
  const kind = (name: string, plan: FaultKind['plan']): FaultKind => ({
    name: `redis.${name}`,
    family: 'loss',
    touches: ['redis'],
    plan,
  });
  return [
    kind('wiped', (random) => whileDown(random, 'killed, and started empty', () => files.empty())),
    kind('tail-cut', (random) => {
      const bytes = between(random, 1, 40_000);
      return whileDown(random, `killed, and ${bytes} bytes off its append-only file`, () => files.cutTail(bytes));
    }),
    kind('older-copy', (random) => {
      const older = between(random, 500, 4_000);
      return {
        detail: `killed, and started with a copy from ${older} ms before`,
        lasts: away(random),
        begin: async () => {
          await files.takeCopy();
          await sleep(older);
          await servers.kill('redis');
        },
        end: async () => {
          await files.restoreCopy();
          await servers.start('redis');
        },
      };
    }),
    kind('flushed', () => atOnce('FLUSHALL', () => redis.flushall())),
    kind('scripts-lost', () => atOnce('SCRIPT FLUSH', () => redis.script('FLUSH'))),
    kind('key-lost', (random) => {
      const campaignId = oneOf(random, scene.lastingCampaigns);
      const key = oneOf(random, ['meta', 'users', 'pending']);
      return { ...atOnce(`${key} of ${campaignId}`, () => scene.loseKey(campaignId, key)), campaignId };
    }),
    ...(disk === null
      ? []
      : [
          kind('disk-full', (random) => ({
            detail: 'its file system takes no more',
            lasts: between(random, 300, 2_000),
            begin: () => disk.fill(),
            end: async () => {
              await disk.clear();
              await servers.kill('redis');
              await servers.start('redis');
            },
          })),
        ]),
  ];
}
