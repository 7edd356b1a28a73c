import { Container, ContainerModule } from 'inversify';
import type { Redis } from 'ioredis';
import { ReconcileCampaigns } from '../../src/application/reconcile-campaigns.ts';
import { CONSUMER, KAFKA_ADMIN, kafka, PUBLISHER } from '../../src/bootstrap/kafka.ts';
import { leaderTasks } from '../../src/bootstrap/leader-tasks.ts';
import { mikroOrm, ORM } from '../../src/bootstrap/mikro-orm.ts';
import { node } from '../../src/bootstrap/node.ts';
import { REDIS, redis } from '../../src/bootstrap/redis.ts';
import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import { useCases } from '../../src/bootstrap/use-cases.ts';
import { provide, resolve, type Token } from '../../src/bootstrap/wiring.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Failure, ReceivedEvent } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { eventually } from '../support/eventually.ts';
import { randomCampaignId, randomName } from '../support/random.ts';
import { RecordingJournal } from '../support/recording-journal.ts';

const never = new AbortController().signal;

const refusedByTheDatabase = ({ raw, content }: ReceivedEvent): Failure => ({
  raw,
  grant: 'grant' in content ? content.grant : null,
  reason: 'rejected',
  detail: 'the test refuses it',
  holdsSlot: true,
});

/** Every part of the service on real servers, in this process, with a topic of its own; nothing leads by itself. */
export class RealInstallation implements AsyncDisposable {
  readonly journal = new RecordingJournal();
  readonly topic = randomName('coupon_create');
  readonly redis: Redis;
  /** Whose data the database is made to refuse. */
  refuses: (grant: Grant) => boolean = () => false;
  readonly #container = new Container();

  private constructor(redisUrl: string, brokers: string, mysqlUrl: string) {
    const config = {
      REDIS_URL: redisUrl,
      MYSQL_URL: mysqlUrl,
      KAFKA_BROKERS: brokers.split(','),
      KAFKA_TOPIC: this.topic,
      KAFKA_PARTITIONS: 3,
      KAFKA_REPLICATION_FACTOR: 1,
      KAFKA_GROUP_ID: `${this.topic}-issuer`,
      LOG_LEVEL: 'silent' as const,
      SHUTDOWN_TIMEOUT_MS: 10_000,
      HOST: '127.0.0.1',
    };
    const test = new ContainerModule((to) => {
      provide(to, T.mostInFlight, [], () => 2_000);
      provide(to, T.handleEvents, [T.issueCoupons, T.failedEventStore], (issueCoupons, failedEvents) => {
        const handle = async (events: readonly ReceivedEvent[]) => {
          const isRefused = ({ content }: ReceivedEvent) => 'grant' in content && this.refuses(content.grant);
          await issueCoupons.execute(events.filter((event) => !isRefused(event)));
          await failedEvents.keep(events.filter(isRefused).map(refusedByTheDatabase));
        };
        return handle;
      });
    });
    const modules = [redis(redisUrl), kafka(config, 'test'), mikroOrm(mysqlUrl), useCases, leaderTasks, test];
    this.#container.load(node('test', 'silent'), ...modules);
    this.redis = this.get(REDIS);
  }

  static async start(redisUrl: string, brokers: string, mysqlUrl: string): Promise<RealInstallation> {
    const installation = new RealInstallation(redisUrl, brokers, mysqlUrl);
    installation.get(PUBLISHER).connect();
    await eventually(() => {
      if (!installation.get(PUBLISHER).isAvailable()) throw new Error('the publisher is not available');
    }, 30_000);
    installation.get(CONSUMER).start();
    await installation.keepOpen();
    return installation;
  }

  get<Part>(token: Token<Part>): Part {
    return resolve(this.#container, token);
  }

  keepOpen = (): Promise<void> => this.get(T.keepCountersOpen).execute(never);

  /** Without the long pauses of the leader. */
  reconciler(confirmAfter: number): ReconcileCampaigns {
    return new ReconcileCampaigns(
      this.get(T.campaignRepository),
      this.get(T.campaignComparison),
      this.get(T.issuanceCounter),
      this.get(T.eventLogReader),
      this.get(T.reconciliationReports),
      this.get(T.clock),
      this.get(T.scheduler),
      this.journal,
      { confirmAfter, shortest: 0, longest: 0, rest: 0 },
    );
  }

  async open(limit: number): Promise<CampaignId> {
    const id = randomCampaignId();
    const terms = { name: 'Reconciled', limit, startsAt: null, endsAt: null };
    const answer = await this.get(T.openCampaign).execute({ id, ...terms });
    if (answer !== 'created') throw new Error(`the campaign is ${answer}`);
    return id;
  }

  /** Users by sequence, each told by a 202. */
  async apply(id: CampaignId, users: readonly UserId[]): Promise<ReadonlyMap<number, UserId>> {
    const apply = this.get(T.applyForCoupon);
    const answers = await Promise.all(users.map((user) => apply.execute(id, user)));
    return new Map(
      answers.map((answer) => {
        if (answer.kind !== 'accepted') throw new Error(`an application is answered ${answer.kind}`);
        return [answer.grant.sequence, answer.grant.userId] as const;
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.get(CONSUMER).stop();
    await this.get(PUBLISHER).disconnect();
    await this.get(KAFKA_ADMIN).disconnect();
    this.redis.disconnect();
    await this.get(ORM).close();
  }
}
