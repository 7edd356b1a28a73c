import { Gauge } from 'prom-client';

/** A figure that is read when somebody scrapes. It belongs to no registry yet. */
export const gaugeOf = (name: string, help: string, read: () => number | Promise<number>): Gauge =>
  new Gauge({
    name,
    help,
    registers: [],
    async collect() {
      this.set(await read());
    },
  });
