import { Router } from '@koa/router';
import Koa from 'koa';
import type { FixedAnswer } from './fixed-answer.ts';

/** What the framework of the service can do: its route, and no work on it. */
process.once('message', ({ body, location, contentType }: FixedAnswer) => {
  const router = new Router();
  router.post('/campaigns/:id/applications', (ctx) => {
    ctx.status = 202;
    ctx.set('Location', location);
    ctx.set('Content-Type', contentType);
    ctx.body = body;
  });
  const server = new Koa().use(router.routes()).listen(0, '127.0.0.1', () => process.send?.(server.address()));
});
process.once('disconnect', () => process.exit(0));
