import { parentPort, workerData } from 'node:worker_threads';
import { type Course, Detour } from './detour.ts';

export interface Way {
  readonly port: number;
  readonly target: number;
}

/** Which ways take which course from now on; answered by the number of the order. */
export interface Order {
  readonly number: number;
  readonly ways: readonly number[];
  readonly course: Course;
}

/** The detours have a thread of their own: whoever applies for coupons does not slow them down. */
const ways: readonly Way[] = workerData;
const detours = await Promise.all(ways.map(({ port, target }) => Detour.open(port, target)));

parentPort?.on('message', ({ number, ways: chosen, course }: Order) => {
  for (const way of chosen) detours[way]?.take(course);
  parentPort?.postMessage(number);
});
parentPort?.postMessage(0);
