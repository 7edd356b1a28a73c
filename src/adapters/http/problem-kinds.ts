/** Every kind of refusal, as RFC 9457 calls them "problem types". A kind's status and title never change. */
export const PROBLEM_KINDS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-user-id': { status: 400, title: 'The user id is not valid' },
  'invalid-campaign-id': { status: 400, title: 'The campaign id is not valid' },
  unauthenticated: { status: 401, title: 'Nobody is authenticated' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'campaign-not-found': { status: 404, title: 'There is no such campaign' },
  'application-not-found': { status: 404, title: 'There is no such application' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'sold-out': { status: 409, title: 'The campaign is sold out' },
  'not-started': { status: 409, title: 'The campaign has not started' },
  ended: { status: 409, title: 'The campaign has ended' },
  voided: { status: 409, title: 'The grant was voided' },
  'campaign-exists': { status: 409, title: 'The campaign exists with other content' },
  'not-reissuable': { status: 409, title: 'The failed event cannot be reissued' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The media type is not supported' },
  'headers-too-large': { status: 431, title: 'The header fields are too large' },
  internal: { status: 500, title: 'Something is wrong on our side' },
  unavailable: { status: 503, title: 'The service is unavailable' },
  'outcome-unknown': { status: 503, title: 'The outcome is not known' },
  rebuilding: { status: 503, title: 'The counter of the campaign is being rebuilt' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemKind = keyof typeof PROBLEM_KINDS;
