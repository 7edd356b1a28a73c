import { createServer } from 'node:http';
import type { FixedAnswer } from './fixed-answer.ts';

/** What Node can do: every request is answered the same, unread. */
process.once('message', ({ body, location, contentType }: FixedAnswer) => {
  const headers = {
    Location: location,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
  };
  const server = createServer((_request, response) => response.writeHead(202, headers).end(body));
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
});
process.once('disconnect', () => process.exit(0));
