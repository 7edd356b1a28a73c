import { type Logger, stdSerializers } from 'pino';
import type { Journal } from '../../domain/ports/journal.ts';

type Details = Readonly<Record<string, unknown>>;

/** Tells the operator in lines of JSON; a detail named `error` is written with its stack and its causes. */
export class PinoJournal implements Journal {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger.child({}, { serializers: { error: stdSerializers.errWithCause } });
  }

  info(message: string, details: Details = {}): void {
    this.#logger.info(details, message);
  }

  warn(message: string, details: Details = {}): void {
    this.#logger.warn(details, message);
  }

  /** For bugs: what nobody planned for. */
  error(message: string, details: Details = {}): void {
    this.#logger.error(details, message);
  }
}
