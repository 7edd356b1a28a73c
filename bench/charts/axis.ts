import { shown } from '../support/table.ts';
import { label } from './card.ts';
import type { Scale } from './scale.ts';
import { element } from './svg.ts';

interface Place {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
}

/** Lines behind the rows, the axis they start at, and figures with the unit below. */
export function axis(scale: Scale, { left, width, top, bottom }: Place, unit: string): readonly string[] {
  const x = (value: number): number => left + scale.at(value) * width;
  const ticks = scale.ticks.flatMap((tick, index) => {
    const first = index === 0;
    const line = { x1: x(tick), x2: x(tick), y1: top, y2: bottom };
    return [
      element('line', { class: first ? 'axis' : 'grid', ...line }),
      label(shown(tick), x(tick), bottom + 18, 'tick', 'middle'),
    ];
  });
  return [...ticks, label(unit, left + width / 2, bottom + 38, 'note', 'middle')];
}

export const AXIS_HEIGHT = 42;
