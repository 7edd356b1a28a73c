import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from './http-client.ts';
import { objectIn } from './reply-meaning.ts';

export const TRUE_STATES = ['coupon', 'failed-event', 'void', 'none', 'unsettled'] as const;
/** `unsettled`: within the time given it was neither recorded nor certain that there is nothing. */
export type TrueState = (typeof TRUE_STATES)[number];

export interface TrueRecord {
  readonly state: TrueState;
  readonly sequence: number | null;
}

export interface Truth {
  /** By user; who is missing has none. */
  readonly users: ReadonlyMap<string, TrueRecord>;
  /** The highest ever in force; null: not known, and not judged. */
  readonly limit: number | null;
  /** Sequences that will never be a coupon; null: not known, and the ceiling is not judged. */
  readonly burnt: number | null;
  /** Of everybody, those who are not in the history included; null: not known. */
  readonly coupons: number | null;
}

export interface HttpQuestions {
  readonly urls: () => readonly string[];
  readonly campaignId: string;
  readonly users: Iterable<string>;
  readonly limit: number | null;
  /** Milliseconds that unsettled users are asked again; and the longest silence of the service that is waited out. */
  readonly within: number;
}

const AT_A_TIME = 32;
const ASK_AGAIN_AFTER = 250;
const ANSWER_WITHIN = 5_000;
const UNSETTLED: TrueRecord = { state: 'unsettled', sequence: null };
const STATES: Readonly<Record<string, TrueState>> = { issued: 'coupon', failed: 'failed-event', voided: 'void' };

/** Asks every user's own page, until all are settled. */
export async function truthByHttp({ urls, campaignId, users, limit, within }: HttpQuestions): Promise<Truth> {
  const client = new HttpClient();
  const path = `/campaigns/${campaignId}/applications/me`;
  const records = new Map([...users].map((user) => [user, UNSETTLED]));
  let lastWord = performance.now();
  let turn = 0;
  const ask = async (user: string): Promise<void> => {
    if (performance.now() - lastWord > within) return;
    const bases = urls();
    const base = bases[turn++ % bases.length];
    if (base === undefined) return;
    const reply = await client.ask(base, { method: 'GET', path, user }, ANSWER_WITHIN).catch(() => null);
    if (reply === null) return;
    lastWord = performance.now();
    records.set(user, recordIn(reply.status, reply.body));
  };
  const unsettled = () => [...records.keys()].filter((user) => records.get(user)?.state === 'unsettled');
  const askAll = async (): Promise<void> => {
    // One list for all of them: each takes the next.
    const open = unsettled().values();
    await Promise.all(
      Array.from({ length: AT_A_TIME }, async () => {
        for (const user of open) await ask(user);
      }),
    );
  };
  await askAll();
  for (const deadline = performance.now() + within; unsettled().length > 0 && performance.now() < deadline; ) {
    await sleep(ASK_AGAIN_AFTER);
    await askAll();
  }
  client.close();
  return { users: records, limit, burnt: null, coupons: null };
}

function recordIn(status: number, body: string): TrueRecord {
  const said = objectIn(body);
  if (status === 404) return { state: 'none', sequence: null };
  const sequence = typeof said?.['sequence'] === 'number' ? said['sequence'] : null;
  const state = status === 200 ? STATES[String(said?.['status'])] : undefined;
  return state === undefined ? UNSETTLED : { state, sequence };
}

export interface MySqlQuestions {
  /** `mysql://user:password@host:port/database` */
  readonly url: string;
  readonly campaignId: string;
  /** Who was told that he has a coupon. */
  readonly promised: Iterable<string>;
  readonly limit: number | null;
  /** Milliseconds that are waited for everybody who was promised one to be recorded. */
  readonly within: number;
}

/** Reads the tables until everybody who was promised a coupon is recorded. Nobody is `unsettled`: who is missing is. */
export async function truthByMySql({ url, campaignId, promised, limit, within }: MySqlQuestions): Promise<Truth> {
  const { MikroORM } = await import('@mikro-orm/mysql');
  const orm = new MikroORM({ clientUrl: url, entities: [], discovery: { warnWhenNoEntities: false } });
  const waitedFor = [...promised];
  try {
    await orm.connect();
    for (const deadline = performance.now() + within; ; ) {
      const rows = await orm.em.execute<Row[]>(EVERYTHING, [campaignId, campaignId, campaignId]);
      const users = new Map(rows.filter(hasHolder).map(({ holder, state, sequence }) => [holder, { state, sequence }]));
      if (waitedFor.every((user) => users.has(user)) || performance.now() > deadline) {
        const count = (wanted: string) => rows.filter(({ source }) => source === wanted).length;
        return { users, limit, burnt: count('burnt'), coupons: count('coupon') };
      }
      await sleep(ASK_AGAIN_AFTER);
    }
  } finally {
    await orm.close(true);
  }
}

interface Row {
  readonly source: 'burnt' | 'failed' | 'coupon';
  readonly state: TrueState;
  readonly holder: string | null;
  readonly sequence: number | null;
}

const hasHolder = (row: Row): row is Row & { readonly holder: string } => row.holder !== null;

/** The strongest record of a user comes last. A failed event that holds no slot has a sequence that nobody was told. */
const EVERYTHING = `
  select 'burnt' as source, 'void' as state, cast(user_id as char) as holder, sequence, 1 as strength
    from burnt_sequences where campaign_id = ?
  union all
  select 'failed', 'failed-event', cast(user_id as char), if(holds_slot, sequence, null), if(holds_slot, 3, 2)
    from failed_events where campaign_id = ? and status = 'open' and user_id is not null
  union all
  select 'coupon', 'coupon', cast(user_id as char), sequence, 4 from coupons where campaign_id = ?
  order by strength`;
