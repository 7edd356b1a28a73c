export interface Scale {
  readonly kind: 'linear' | 'logarithmic';
  readonly ticks: readonly number[];
  /** From 0, where the axis begins, to 1, where it ends. Zero is where a logarithmic axis begins, for want of a place. */
  readonly at: (value: number) => number;
}

/** Beyond this factor the smaller bars of a linear scale are slivers. */
const ORDERS_OF_MAGNITUDE = 30;

/** Linear from zero; logarithmic where the values span orders of magnitude. */
export function scaleFor(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const most = Math.max(...positive, 0);
  const least = Math.min(...positive, Number.POSITIVE_INFINITY);
  return most / least > ORDERS_OF_MAGNITUDE ? logarithmic(least, most) : linear(most);
}

function linear(most: number, wanted = 4): Scale {
  const ticks = ticksTo(most, wanted);
  const end = ticks.at(-1) ?? 1;
  return { kind: 'linear', ticks, at: (value) => value / end };
}

function logarithmic(least: number, most: number): Scale {
  // Below the least, so that no value stands where zero does.
  const from = Math.ceil(Math.log10(least)) - 1;
  const to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
  return {
    kind: 'logarithmic',
    ticks,
    at: (value) => (value > 0 ? Math.max(0, (Math.log10(value) - from) / (to - from)) : 0),
  };
}

/** From 0 to the first round number that is not below `most`. */
function ticksTo(most: number, wanted: number): readonly number[] {
  if (most <= 0) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
