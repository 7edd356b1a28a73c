import type { CounterCopy } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { parseUserId } from '../../src/domain/user-id.ts';
import type { Cluster } from './cluster.ts';
import type { Profile } from './profiles.ts';
import type { Random } from './random.ts';
import type { LineQuality, Server } from './server.ts';
import type { Users } from './users.ts';
import { HEALTHY_LINES, type World } from './world.ts';

/** A question is on its way for longer than so many milliseconds. */
const HALF_WAY = 0.1;

interface Surroundings {
  readonly world: World;
  readonly cluster: Cluster;
  readonly users: Users;
  readonly random: Random;
  readonly profile: Profile;
  readonly campaigns: readonly CampaignId[];
}

/** What goes wrong, at a moment and mostly for a while. Plans everything, and draws every number, before anything runs. */
export class Faults {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #profile: Profile;
  readonly #users: Users;
  readonly #campaigns: readonly CampaignId[];
  readonly #kinds: Readonly<Record<FaultKind, (at: number) => void>>;
  #forged = 900;
  #isHealed = false;

  constructor({ world, cluster, users, random, profile, campaigns }: Surroundings) {
    this.#world = world;
    this.#cluster = cluster;
    this.#random = random;
    this.#users = users;
    this.#profile = profile;
    this.#campaigns = campaigns;
    this.#kinds = this.#allKinds();
  }

  plan(kind: FaultKind, at: number): void {
    this.#world.timeline.at(at, () => {
      this.#world.history.fault(kind);
      this.#world.trace(() => `fault: ${kind}`);
    });
    this.#kinds[kind](at);
  }

  /** After this nothing goes wrong any more; what was begun is brought to its end by those who began it. */
  heal(): void {
    this.#isHealed = true;
    const { counter, eventLog, database, counterClock, refused, log } = this.#world;
    for (const server of [counter, eventLog, database]) {
      server.isAway = false;
      server.losesReplies = false;
    }
    this.#world.lines = HEALTHY_LINES;
    counterClock.correction = 0;
    refused.clear();
    log.issuers.overlaps = false;
    for (const { host } of [...this.#cluster.apis, ...this.#cluster.consumers]) host.resume();
    log.wake();
    this.#world.trace(() => 'everything heals');
  }

  #allKinds() {
    const { counter, eventLog, database, store, log, timeline } = this.#world;
    const random = this.#random;
    const cluster = this.#cluster;
    const then = (at: number, run: () => void): void => timeline.at(at, run);
    const restart = (at: number, copy: () => CounterCopy | undefined): void => then(at, () => store.restart(copy()));
    const older = (at: number, by: number): void => {
      let copy: CounterCopy | undefined;
      then(Math.max(0, at - by), () => {
        copy = store.copy();
      });
      restart(at, () => copy);
    };
    return {
      'api crashes': (at: number) => {
        const [place, downFor] = [random.integer(0, 5), random.between(200, 2_500)];
        then(at, () => cluster.crashApi(place, downFor));
      },
      'api pauses': (at: number) => {
        const [place, duration] = [random.integer(0, 5), random.between(300, this.#profile.longestPause)];
        then(at, () => cluster.pauseApi(place, duration));
      },
      'api pauses over a loss': (at: number) => this.#pauseOverLoss(at),
      'consumer crashes': (at: number) => {
        const [place, downFor] = [random.integer(0, 1), random.between(300, 3_000)];
        then(at, () => cluster.crashConsumer(place, downFor));
      },
      'consumer pauses': (at: number) => {
        const [place, duration] = [random.integer(0, 1), random.between(300, 1.5 * this.#profile.longestPause)];
        const losesSession = random.chance(0.6);
        then(at, () => cluster.pauseConsumer(place, duration, losesSession));
      },
      'leader loses its session': (at: number) => then(at, () => cluster.endLeadersSession()),
      'counter is away': (at: number) => this.#away(counter, at),
      'counter restarts': (at: number) => restart(at, () => undefined),
      'counter loses its tail': (at: number) => older(at, random.between(5, 800)),
      'counter is emptied': (at: number) => restart(at, () => new Map()),
      'counter is an older copy': (at: number) => older(at, random.between(1_000, 8_000)),
      'counter loses a key': (at: number) => {
        const [id, part] = [random.pick(this.#campaigns), random.pick(['meta', 'users', 'pending'] as const)];
        then(at, () => store.lose(id, part));
      },
      'counter loses a fresh grant': (at: number) => this.#loseFresh(at),
      'counter is flushed': (at: number) => then(at, () => store.wipe()),
      'counter loses replies': (at: number) => this.#losesReplies(counter, at, 600),
      'event log is away': (at: number) => this.#away(eventLog, at),
      'event log loses acknowledgements': (at: number) => this.#losesReplies(eventLog, at, 1_500),
      'event log is slow': (at: number) => this.#slow(eventLog, at, [200, 900]),
      'event log is lost': (at: number) => this.#loseLog(at),
      'offsets are lost': (at: number) => then(at, () => log.issuers.loseCommits()),
      'two members own a partition': (at: number) => {
        const end = at + random.between(300, 4_000);
        const overlap = (overlaps: boolean) => () => {
          log.issuers.overlaps = overlaps;
          log.wake();
        };
        then(at, overlap(true));
        then(end, overlap(false));
      },
      'database is away': (at: number) => this.#away(database, at),
      'database loses answers': (at: number) => this.#losesReplies(database, at, 1_000),
      'poison event': (at: number) => this.#poison(at),
      'refused data': (at: number) => this.#refuse(at),
      'time of day is corrected': (at: number) => this.#correct(at),
    };
  }

  /** A process stops between its question and the answer, and the counter loses what it decided. */
  #pauseOverLoss(at: number): void {
    const [place, duration] = [this.#random.integer(0, 5), this.#random.between(2_500, 6_000)];
    this.#loseFresh(at, place);
    this.#world.timeline.at(at + 1 + HALF_WAY, () => this.#cluster.pauseApi(place, duration));
  }

  /** The counter loses what it has just decided, while its event is on its way. */
  #loseFresh(at: number, place = this.#random.integer(0, 5)): void {
    const [id, lossAfter] = [this.#random.pick(this.#campaigns), this.#random.between(10, 400)];
    const userId = parseUserId(String(this.#random.integer(1, this.#profile.users[1])));
    this.#world.timeline.at(at, () => this.#users.press(id, userId, () => undefined, this.#cluster.api(place)));
    this.#world.timeline.at(at + lossAfter, () => this.#world.store.lose(id, 'users'));
  }

  /** Its consumers are stopped, as they have to be, before it is made anew. */
  #loseLog(at: number): void {
    for (const place of [0, 1]) {
      this.#world.timeline.at(at, () => this.#cluster.crashConsumer(place, 3_000));
    }
    this.#world.timeline.at(at + 1_000, () => this.#world.log.recreate());
  }

  #away(server: Server, at: number): void {
    const end = at + this.#random.between(200, 3_000);
    this.#world.timeline.at(at, () => {
      server.isAway = true;
    });
    this.#world.timeline.at(end, () => {
      server.isAway = false;
      this.#world.log.wake();
    });
  }

  #losesReplies(server: Server, at: number, longest: number): void {
    const end = at + this.#random.between(50, longest);
    this.#world.timeline.at(at, () => {
      server.losesReplies = true;
    });
    this.#world.timeline.at(end, () => {
      server.losesReplies = false;
    });
  }

  #slow(server: Server, at: number, usual: LineQuality['usual']): void {
    const end = at + this.#random.between(500, 4_000);
    this.#world.timeline.at(at, () => {
      const { quality } = server;
      server.quality = { ...quality, usual, late: 0.1, latest: 6_000 };
      this.#world.timeline.at(end, () => {
        if (!this.#isHealed) server.quality = quality;
      });
    });
  }

  /** What anybody who can write to the log could put there. */
  #poison(at: number): void {
    const { log, records, timeline } = this.#world;
    const campaignId = this.#random.pick(this.#campaigns);
    const userId = parseUserId(String(this.#forged++));
    const grantedAt = 0;
    const kind = this.#random.pick(['malformed', 'conflict', 'impossible', 'never reached']);
    timeline.at(at, () => {
      const sequence = records.find(campaignId)?.couponsBySequence.keys().next().value;
      const epoch = records.find(campaignId)?.record?.epoch ?? 1;
      if (kind === 'conflict' && sequence !== undefined) log.append({ campaignId, userId, sequence, epoch, grantedAt });
      else if (kind === 'impossible') log.append({ campaignId, userId, sequence: 1e6, epoch, grantedAt });
      else if (kind === 'never reached') log.append({ campaignId, userId, sequence: 1, epoch: 1e6, grantedAt });
      else log.appendMalformed(0, new Uint8Array([at]), 'not a grant');
    });
  }

  #refuse(at: number): void {
    const users = [1, 2, 3].map(() => parseUserId(String(this.#random.integer(1, this.#profile.users[1]))));
    const end = at + this.#random.between(1_000, 8_000);
    this.#world.timeline.at(at, () => {
      for (const user of users) this.#world.refused.add(user);
    });
    this.#world.timeline.at(end, () => {
      for (const user of users) this.#world.refused.delete(user);
    });
  }

  #correct(at: number): void {
    const [by, place, isCounter] = [
      this.#random.between(-2_000, 2_000),
      this.#random.integer(0, 4),
      this.#random.chance(0.5),
    ];
    this.#world.timeline.at(at, () => {
      if (isCounter) this.#world.counterClock.correction = Math.round(by);
      else [...this.#cluster.apis, ...this.#cluster.consumers][place]?.host.correct(Math.round(by * 100));
    });
  }
}

export type FaultKind =
  | 'api crashes'
  | 'api pauses'
  | 'api pauses over a loss'
  | 'consumer crashes'
  | 'consumer pauses'
  | 'leader loses its session'
  | 'counter is away'
  | 'counter restarts'
  | 'counter loses its tail'
  | 'counter is emptied'
  | 'counter is an older copy'
  | 'counter loses a key'
  | 'counter loses a fresh grant'
  | 'counter is flushed'
  | 'counter loses replies'
  | 'event log is away'
  | 'event log loses acknowledgements'
  | 'event log is slow'
  | 'event log is lost'
  | 'offsets are lost'
  | 'two members own a partition'
  | 'database is away'
  | 'database loses answers'
  | 'poison event'
  | 'refused data'
  | 'time of day is corrected';
