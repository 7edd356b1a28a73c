import { LoadGenerator } from '../load/load-generator.ts';
import { expectStored } from '../load/told-and-stored.ts';
import { type Readings, reading, type Suite } from '../suite.ts';
import { atRest } from '../support/at-rest.ts';
import type { Installation } from '../support/installation.ts';
import { PINNING, Pinning } from '../support/pinning.ts';
import { expectAnswers } from './campaign/expect-answers.ts';
import { retireCampaigns } from './retire-campaigns.ts';
import { allGranted, allStored } from './stored-coupons.ts';

const FULL = { coupons: 10_000, users: 100_000 } as const;
const QUICK = { coupons: 1_000, users: 10_000 } as const;

/** A whole campaign, from the first request to the last row. */
export const campaign: Suite = {
  name: 'campaign',
  figures: [
    {
      name: 'campaign-seconds',
      title: 'first request sent to last coupon stored',
      unit: 's',
      goal: { atMost: 2 },
      of: reading('campaign-seconds'),
    },
    {
      name: 'granted-seconds',
      title: 'first request sent to last coupon granted',
      unit: 's',
      of: reading('granted-seconds'),
    },
    {
      name: 'burst-seconds',
      title: 'first request sent to last user answered',
      unit: 's',
      of: reading('burst-seconds'),
    },
    { name: 'burst-rate', title: 'requests over the burst', unit: '1/s', of: reading('burst-rate') },
  ],
  notes: [
    `10,000 coupons among the requests of 100,000 users; quick: a tenth of both; ${PINNING}`,
    'Checked each time: the coupons are as many as there were, numbered without a gap, one for each user who was told so.',
  ],
  async prepare(installation, { quick }) {
    await using parts = new AsyncDisposableStack();
    const generator = parts.use(new LoadGenerator());
    parts.use(await Pinning.of(installation, generator, [installation.api]));
    const owned = parts.move();
    return {
      round: () => burst(installation, generator, quick ? QUICK : FULL),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

interface Size {
  readonly coupons: number;
  readonly users: number;
}

async function burst(
  installation: Installation,
  generator: LoadGenerator,
  { coupons, users }: Size,
): Promise<Readings> {
  const id = await installation.newCampaign(coupons);
  await atRest(installation);
  const ports = [installation.api.port];
  const applied = generator.run({ ports, campaigns: [id], expected: [202, 409], requests: users });
  // Whichever fails first is what is told; the other may still be waiting then.
  const [report, grantedAt, storedAt] = await Promise.all([
    applied,
    allGranted(installation, id, coupons),
    allStored(installation, id, coupons),
  ]);
  await installation.stored(id);
  await expectStored(installation, id, report);
  expectAnswers(report, coupons);
  await retireCampaigns(installation, [id]);
  return {
    'campaign-seconds': (storedAt - report.startedAt) / 1_000,
    'granted-seconds': (grantedAt - report.startedAt) / 1_000,
    'burst-seconds': report.seconds,
    'burst-rate': report.requests / report.seconds,
  };
}
