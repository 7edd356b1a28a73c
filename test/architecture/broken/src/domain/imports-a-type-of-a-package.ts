import type { Producer } from 'kafkajs'; export type Sender = Producer;
