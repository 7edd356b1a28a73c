import { parseCampaignId } from '../../../src/domain/campaign-id.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import type { Deployment } from '../../../test/support/deployment.ts';
import type { Readings } from '../../suite.ts';
import { benchUser } from '../../suites/counter/bench-users.ts';
import { retireCampaigns } from '../../suites/retire-campaigns.ts';
import { allStored, batchesOf, checkStored, storedCoupons } from '../../suites/stored-coupons.ts';
import { atRest } from '../../support/at-rest.ts';
import { cpuFromNow } from '../../support/cpu.ts';
import type { Installation } from '../../support/installation.ts';
import { newTopic } from '../new-topic.ts';
import { repeatedWhereStalled } from '../stalled.ts';
import { SteadyPublisher } from './steady-publisher.ts';

const PARTITIONS = 6;

/** A consumer of the service, on a topic of its own. */
export class Contestant implements AsyncDisposable {
  readonly #name: string;
  readonly #installation: Installation;
  readonly #deployment: Deployment;
  readonly #publisher: SteadyPublisher;

  private constructor(name: string, installation: Installation, deployment: Deployment, publisher: SteadyPublisher) {
    this.#name = name;
    this.#installation = installation;
    this.#deployment = deployment;
    this.#publisher = publisher;
  }

  /** @param deployment has its consumer, or is given one here */
  static async start(name: string, installation: Installation, deployment: Deployment): Promise<Contestant> {
    const brokers = installation.servers.kafkaBrokers;
    const plan = { topic: deployment.topic, partitions: PARTITIONS, replicationFactor: 1 };
    await newTopic(brokers, plan.topic, plan.partitions);
    if (deployment.consumers.length === 0) await deployment.startConsumers(1);
    await deployment.ready();
    return new Contestant(name, installation, deployment, SteadyPublisher.connect(brokers, plan));
  }

  measure(perSecond: number, seconds: number): Promise<Readings> {
    return repeatedWhereStalled(() => this.#turn(perSecond, seconds));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#publisher[Symbol.asyncDispose]();
  }

  async #turn(perSecond: number, seconds: number): Promise<Readings> {
    const installation = this.#installation;
    const count = perSecond * seconds;
    const campaignId = parseCampaignId(await installation.newCampaign(count));
    const grants = Array.from({ length: count }, (_, index): Grant => {
      return { campaignId, userId: benchUser(index), sequence: index + 1, epoch: 1, grantedAt: Date.now() };
    });
    await this.#publisher.ready();
    await atRest(installation);
    const { mysql, kafka } = await installation.pids();
    const used = await cpuFromNow({ consumer: this.#deployment.consumers.map(({ pid }) => pid), mysql, kafka });
    const startedAt = performance.timeOrigin + performance.now();
    await this.#publisher.publish(grants, perSecond);
    const publishedAt = performance.timeOrigin + performance.now();
    const storedAt = await allStored(installation, campaignId, count);
    const cpu = await used();
    const rows = await storedCoupons(installation, campaignId);
    checkStored(rows, grants);
    await retireCampaigns(installation, [campaignId]);
    return {
      [`${this.#name}-rate`]: (count * 1_000) / (storedAt - startedAt),
      [`${this.#name}-behind`]: storedAt - publishedAt,
      [`${this.#name}-batch`]: count / batchesOf(rows).length,
      [`${this.#name}-consumer-cpu`]: (cpu.consumer * 1e6) / count,
      [`${this.#name}-mysql-cpu`]: (cpu.mysql * 1e6) / count,
      [`${this.#name}-kafka-cpu`]: (cpu.kafka * 1e6) / count,
    };
  }
}
