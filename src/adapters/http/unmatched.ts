import type { Layer } from '@koa/router';
import type { Middleware } from 'koa';
import { writeProblem } from './problem.ts';

/** What no route took: another method of a path that is there, or a path that is not. */
export const unmatched: Middleware = (ctx) => {
  const layers: readonly Layer[] = ctx['matched'] ?? [];
  const methods = new Set(layers.flatMap((layer) => layer.methods));
  if (methods.size === 0) {
    return writeProblem(ctx, { kind: 'not-found', detail: 'No resource has this path.' });
  }
  const allow = [...methods, 'OPTIONS'].join(', ');
  if (ctx.method === 'OPTIONS') {
    ctx.set('Allow', allow);
    ctx.status = 204;
    return;
  }
  writeProblem(ctx, { kind: 'method-not-allowed', detail: `Accepted are ${allow}.`, headers: { Allow: allow } });
};
