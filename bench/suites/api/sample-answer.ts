import type { FixedAnswer } from '../../references/fixed-answer.ts';
import type { Installation } from '../../support/installation.ts';
import { retireCampaigns } from '../retire-campaigns.ts';

/** What the service answers to an application that it accepts. */
export async function sampleAnswer(installation: Installation): Promise<FixedAnswer> {
  const campaign = await installation.newCampaign(1);
  const answer = await fetch(`${installation.api.url}/campaigns/${campaign}/applications`, {
    method: 'POST',
    headers: { 'X-User-Id': '1' },
  });
  const body = await answer.text();
  if (answer.status !== 202) throw new Error(`the first application is answered ${answer.status} ${body}`);
  await installation.stored(campaign);
  await retireCampaigns(installation, [campaign]);
  return {
    body,
    location: answer.headers.get('location') ?? '',
    contentType: answer.headers.get('content-type') ?? '',
  };
}
