import type { ICustomPartitioner } from 'kafkajs';
import { murmur2 } from './murmur2.ts';

/** The partition that Java's default partitioner chooses for a key; kafkajs's own computes the same with big integers. */
export const partitionOf = (key: Buffer | string, partitions: number): number =>
  (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;

export const partitionByKey: ICustomPartitioner =
  () =>
  ({ partitionMetadata, message: { key } }) => {
    if (key == null) throw new Error('a coupon event has a key');
    return partitionOf(key, partitionMetadata.length);
  };
