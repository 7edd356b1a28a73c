import { ContainerModule } from 'inversify';
import { type Logger, pino } from 'pino';
import { NodeClock } from '../adapters/node/node-clock.ts';
import { NodeScheduler } from '../adapters/node/node-scheduler.ts';
import { PinoJournal } from '../adapters/node/pino-journal.ts';
import { TOKENS as T } from './tokens.ts';
import { provide, token } from './wiring.ts';

const LOGGER = token<Logger>('Logger');
export const EDGE_LOG = token<PinoJournal>('PinoJournal');

/** Time, chance and log of a real process. */
export const node = (name: string, level: string): ContainerModule =>
  new ContainerModule((to) => {
    provide(to, LOGGER, [], () => pino({ name, level, timestamp: pino.stdTimeFunctions.isoTime }));
    provide(to, EDGE_LOG, [LOGGER], (logger) => new PinoJournal(logger));
    provide(to, T.journal, [EDGE_LOG], (journal) => journal);
    provide(to, T.clock, [], () => new NodeClock());
    provide(to, T.scheduler, [], () => new NodeScheduler());
  });
