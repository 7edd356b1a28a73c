import { built } from '../built.ts';

/** "Accepted" is answered as soon as the event is handed over, whatever becomes of it. */
type Module = typeof import('../../../src/adapters/kafka/kafka-coupon-event-publisher.ts');
const { KafkaCouponEventPublisher } = await built<Module>('adapters/kafka/kafka-coupon-event-publisher');
const { publish } = KafkaCouponEventPublisher.prototype;
KafkaCouponEventPublisher.prototype.publish = async function (...event) {
  void publish.apply(this, event).catch(() => {});
};
