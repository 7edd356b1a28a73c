import { createHash } from 'node:crypto';
import type { Incarnation } from '../../domain/ports/incarnations.ts';
import { ADMIT } from './scripts/admit.lua.ts';
import { CHANGE } from './scripts/change.lua.ts';
import { HOLDING } from './scripts/holding.lua.ts';
import { MARK_PENDING } from './scripts/mark-pending.lua.ts';
import { OPEN } from './scripts/open.lua.ts';
import { PRELUDE } from './scripts/prelude.lua.ts';
import { PREPARE } from './scripts/prepare.lua.ts';
import { RETIRE } from './scripts/retire.lua.ts';
import { SAMPLE } from './scripts/sample.lua.ts';
import { STALE } from './scripts/stale.lua.ts';
import { STANDING } from './scripts/standing.lua.ts';
import { VOID_USER } from './scripts/void-user.lua.ts';

const BODIES = {
  admit: ADMIT,
  change: CHANGE,
  holding: HOLDING,
  markPending: MARK_PENDING,
  open: OPEN,
  prepare: PREPARE,
  retire: RETIRE,
  sample: SAMPLE,
  stale: STALE,
  standing: STANDING,
  voidUser: VOID_USER,
};

export type ScriptName = keyof typeof BODIES;

interface CounterScript {
  readonly text: string;
  /** The name by which EVALSHA calls it. */
  readonly digest: string;
}

export type CounterScripts = Readonly<Record<ScriptName, CounterScript>>;

/**
 * The scripts of one incarnation. They differ from those of any other in their first line only, which is enough:
 * a server that has not been opened for this incarnation does not have them, and answers NOSCRIPT.
 */
export function counterScripts({ installation, number }: Incarnation): CounterScripts {
  const script = (body: string): CounterScript => {
    const text = `-- ${installation}:${number}\n${PRELUDE}${body}`;
    return { text, digest: createHash('sha1').update(text).digest('hex') };
  };
  return {
    admit: script(BODIES.admit),
    change: script(BODIES.change),
    holding: script(BODIES.holding),
    markPending: script(BODIES.markPending),
    open: script(BODIES.open),
    prepare: script(BODIES.prepare),
    retire: script(BODIES.retire),
    sample: script(BODIES.sample),
    stale: script(BODIES.stale),
    standing: script(BODIES.standing),
    voidUser: script(BODIES.voidUser),
  };
}
