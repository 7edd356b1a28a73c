import { DriverException } from '@mikro-orm/mysql';
import { Unavailable } from '../../domain/outage.ts';

export const DUPLICATE_KEY = 1062;
export const NO_SUCH_TABLE = 1146;

/**
 * The server looked at the data of a row and refused it. Whatever is not listed is an outage: a batch that waits for
 * an operator is better than a grant that is given up for an error nobody has thought of.
 */
const DATA_ERRORS: ReadonlySet<number> = new Set([
  1048, // a column cannot be null
  1264, // out of range for the column
  1265, // data truncated
  1292, // incorrect value for its type
  1366, // incorrect value for its character set or type
  1406, // too long for the column
  1452, // a foreign key fails
  1644, // a trigger refused it
  3819, // a check constraint is violated
]);

/** The server's error number, where a database adapter gave the server's answer as the cause. */
export const errorNumber = (error: unknown): number | null =>
  error instanceof Unavailable && error.cause instanceof DriverException ? (error.cause.errno ?? null) : null;

export const isDataError = (error: unknown): boolean => DATA_ERRORS.has(errorNumber(error) ?? 0);

export const serverMessage = (error: unknown): string =>
  error instanceof Unavailable && error.cause instanceof DriverException
    ? (error.cause.sqlMessage ?? error.cause.message)
    : String(error);

/** Drivers, sockets and abort signals give their errors a code or a name; our own errors have neither. */
export const isDriverError = (error: unknown): boolean =>
  error instanceof DriverException ||
  (error instanceof Error && ('code' in error || error.name === 'TimeoutError' || error.name === 'AbortError'));
