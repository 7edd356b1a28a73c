import { z } from 'zod';
import { type CampaignTerms, LARGEST_LIMIT, LONGEST_NAME, type TermsPatch } from '../../domain/campaign.ts';
import { accept } from './accept-body.ts';
import { readInstant } from './instant.ts';
import { invalidRequest } from './request-refused.ts';

// Only the shape is checked here; which names, limits and opening hours a campaign can have is the domain's to say.
const name = z.string(`must be a text of 1 to ${LONGEST_NAME} characters`);
const limit = z.number(`must be an integer from 1 to ${LARGEST_LIMIT}`);

const instant = z
  .string('must be a date and time as text, or null')
  .transform((text, context) => {
    const read = readInstant(text);
    if ('instant' in read) return read.instant;
    context.addIssue({ code: 'custom', message: read.wrong });
    return z.NEVER;
  })
  .nullable();

const TERMS = z.strictObject({
  name,
  limit,
  startsAt: instant.optional().transform((given) => given ?? null),
  endsAt: instant.optional().transform((given) => given ?? null),
});

const PATCH = z.strictObject({
  name: name.exactOptional(),
  limit: limit.exactOptional(),
  startsAt: instant.exactOptional(),
  endsAt: instant.exactOptional(),
});

/** @throws RequestRefused naming every field that is not of the right form */
export const readTerms = (body: unknown): CampaignTerms => accept(TERMS.safeParse(body));

/** @throws RequestRefused naming every field that is not of the right form, or where there is none */
export function readPatch(body: unknown): TermsPatch {
  const patch = accept(PATCH.safeParse(body));
  if (Object.keys(patch).length > 0) return patch;
  const detail = `must have at least one of ${Object.keys(PATCH.shape).join(', ')}`;
  throw invalidRequest('There is nothing to change.', [{ field: 'body', detail }]);
}
