import { KafkaLog } from '../support/kafka-log.ts';
import { KafkaProxy } from '../support/kafka-proxy.ts';
import { realClock } from '../support/kafka-surroundings.ts';
import { describeWithServices, services } from '../support/services.ts';
import { couponEventPublisherContract } from './coupon-event-publisher.contract.ts';

describeWithServices('with servers', () => {
  couponEventPublisherContract('on Kafka', async () => {
    const proxy = await KafkaProxy.listen();
    const log = new KafkaLog(services().kafkaBrokers, 3, proxy.openSocket);
    return {
      publisher: await log.availablePublisher(),
      now: () => realClock.monotonic(),
      events: () => log.events(),
      suffer: (fault) => (fault === 'away' ? proxy.refuse() : proxy.loseAnswers()),
      recover: () => proxy.restore(),
      [Symbol.asyncDispose]: async () => {
        await log[Symbol.asyncDispose]();
        await proxy[Symbol.asyncDispose]();
      },
    };
  });
});
