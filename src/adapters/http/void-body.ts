import { z } from 'zod';
import { LONGEST_VOID_REASON } from '../../domain/failed-event.ts';
import { accept } from './accept-body.ts';

const VOID = z.strictObject({ reason: z.string(`must be a text of 1 to ${LONGEST_VOID_REASON} characters`) });

/** @throws RequestRefused unless the body has a reason and nothing else */
export const readVoidReason = (body: unknown): string => accept(VOID.safeParse(body)).reason;
