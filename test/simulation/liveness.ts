import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { parseUserId } from '../../src/domain/user-id.ts';
import type { Users } from './users.ts';
import type { World } from './world.ts';

const LAST_USER = parseUserId('700');
/** Who had not asked for a while may have to learn first who serves now, and asks again. */
const TRIES = 6;
const TRIES_EVERY = 600;

/** Every campaign is open at last: the next who asks is told what its terms say, and gets a free slot. */
export async function checkLiveness(world: World, users: Users, campaigns: readonly CampaignId[]): Promise<void> {
  const { timeline, history } = world;
  const expected = new Map(campaigns.map((id) => [id, expectedOf(world, id)]));
  const heard = new Map(campaigns.map((id) => [id, new Set<string>()]));
  const isTold = (id: CampaignId): boolean => heard.get(id)?.has(expected.get(id) ?? '') === true;
  for (let tries = 0; tries < TRIES && !campaigns.every(isTold); tries += 1) {
    for (const id of campaigns) if (!isTold(id)) users.press(id, LAST_USER, (answer) => heard.get(id)?.add(answer));
    await timeline.runUntil(timeline.now + TRIES_EVERY);
  }
  for (const id of campaigns) {
    if (isTold(id)) continue;
    const answers = [...(heard.get(id) ?? [])].join(', ');
    history.violate('liveness', `the next in ${id} hears ${answers}, not ${expected.get(id)}`);
  }
}

function expectedOf({ store, counterClock }: World, id: CampaignId): string {
  const { meta } = store.get(id);
  const now = counterClock.now();
  if (meta === null) return 'an answer';
  if (meta.endsAt !== null && meta.endsAt <= now) return 'ended';
  if (meta.startsAt !== null && meta.startsAt > now) return 'not-started';
  return meta.counter < meta.ceiling ? 'accepted' : 'sold-out';
}
