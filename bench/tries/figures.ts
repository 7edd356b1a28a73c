import { type Figure, reading } from '../suite.ts';

export const figure = (name: string, title: string, unit: string): Figure => ({ name, title, unit, of: reading(name) });

/** How many times as much the one is as the other. */
export const timesAsMuch = (name: string, title: string, one: string, other: string): Figure => ({
  name,
  title,
  unit: 'ratio',
  of: (readings) => reading(one)(readings) / reading(other)(readings),
});
