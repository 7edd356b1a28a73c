import { built } from '../built.ts';

/** The offset is committed before the coupons are. */
type Module = typeof import('../../../src/adapters/kafka/batch-delivery.ts');
const { BatchDelivery } = await built<Module>('adapters/kafka/batch-delivery');
const { deliver } = BatchDelivery.prototype;
BatchDelivery.prototype.deliver = async function (payload, giveUp) {
  const { topic, partition } = payload.batch;
  const offset = String(BigInt(payload.batch.lastOffset()) + 1n);
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] }).catch(() => {});
  payload.resolveOffset(payload.batch.lastOffset());
  await deliver.call(this, { ...payload, commitOffsetsIfNecessary: async () => {} }, giveUp);
};
