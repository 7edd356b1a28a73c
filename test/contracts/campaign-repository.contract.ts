import { describe, expect, it } from 'vitest';
import type { Campaign, CampaignRecord } from '../../src/domain/campaign.ts';
import { DomainError } from '../../src/domain/domain-error.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

const aCampaign = (change: Partial<Campaign> = {}): Campaign => ({
  id: randomCampaignId(),
  name: 'Grüße \u{1f9e8}',
  limit: 100,
  startsAt: Date.UTC(2026, 5, 1, 12, 0, 0, 123),
  endsAt: Date.UTC(2026, 5, 2),
  ...change,
});

export function campaignRepositoryContract(name: string, make: () => Promise<PermanentRecord>): void {
  describe(`${name} as a CampaignRepository`, () => {
    it('records a campaign unless one with its id is there, and answers the record that stands then', async () => {
      const record = await make();
      const campaign = aCampaign();
      const created = await record.campaigns.create(campaign, 1_767_323_045_678);
      expect(created).toEqual({
        created: true,
        record: {
          ...campaign,
          ceiling: 100,
          epoch: 1,
          minimumEpoch: 1,
          version: 1,
          createdAt: 1_767_323_045_678,
          openedAt: null,
          openingToken: null,
          archivedAt: null,
          archivedGranted: null,
        },
      });
      const again = await record.campaigns.create({ ...campaign, limit: 5 }, 0);
      expect(again).toEqual({ created: false, record: created.record });
    });

    it('is created by one of many who race', async () => {
      const { campaigns } = await make();
      const { id } = aCampaign();
      const racers = Array.from({ length: 10 }, (_, index) => campaigns.create(aCampaign({ id, limit: index + 1 }), 0));
      const answers = await Promise.all(racers);
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.record.limit)).size).toBe(1);
    });

    it('finds a campaign, or null', async () => {
      const { campaigns } = await make();
      const { record } = await campaigns.create(aCampaign({ startsAt: null, endsAt: null }), 5);
      expect(await campaigns.find(record.id)).toEqual(record);
      expect(await campaigns.find(randomCampaignId())).toBeNull();
    });

    it('pages campaigns by id, without skipping or repeating, and has every one of them', async () => {
      const { campaigns } = await make();
      const added: string[] = [];
      for (let turn = 0; turn < 5; turn += 1) added.push((await campaigns.create(aCampaign(), turn)).record.id);
      const paged: CampaignRecord[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof campaigns.page>> = await campaigns.page({ limit: 2, cursor });
        paged.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      const ids = paged.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].toSorted());
      expect(ids).toEqual(expect.arrayContaining(added));
      expect((await campaigns.all()).map(({ id }) => id)).toEqual(ids);
    });

    it('refuses a cursor that no page gave', async () => {
      const { campaigns } = await make();
      await expect(campaigns.page({ limit: 1, cursor: 'nonsense' })).rejects.toThrow(DomainError);
    });

    it('marks a campaign opened under a token, by the first who says so, and answers whether this was the first', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const answers = await Promise.all(['a', 'b', 'c'].map((token) => record.campaigns.markOpened(id, token, 42)));
      expect(answers.filter((isFirst) => isFirst)).toHaveLength(1);
      expect(await record.campaigns.markOpened(id, 'd', 43)).toBe(false);
      const openingToken = ['a', 'b', 'c'][answers.indexOf(true)];
      expect(await record.campaigns.find(id)).toMatchObject({ openedAt: 42, openingToken, version: 1 });
    });

    it('has every campaign that is not archived as active', async () => {
      const record = await make();
      const [archived, active] = [await newCampaign(record), await newCampaign(record)];
      await record.campaigns.archive(archived, 1, 5);
      const ids = (await record.campaigns.active()).map(({ id }) => id);
      expect(ids).toContain(active.id);
      expect(ids).not.toContain(archived.id);
      expect((await record.campaigns.all()).map(({ id }) => id)).toEqual(
        expect.arrayContaining([archived.id, active.id]),
      );
    });

    it('shares nothing with its callers', async () => {
      const { campaigns } = await make();
      const campaign = { ...aCampaign() };
      const { record } = await campaigns.create(campaign, 0);
      Object.assign(campaign, { limit: 7 });
      Object.assign(record, { limit: 7 });
      for (const found of await campaigns.all()) if (found.id === campaign.id) Object.assign(found, { limit: 7 });
      expect(await campaigns.find(campaign.id)).toMatchObject({ limit: 100 });
    });
  });

  describe(`${name} as CampaignChanges`, () => {
    it('records the patched terms under a new version, and burnt sequences stay on top of the limit', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      await record.burn(id, 1, randomUserId());
      const changed = await record.campaigns.change(id, { limit: 20, endsAt: 99, name: 'New' });
      expect(changed).toMatchObject({ limit: 20, ceiling: 21, endsAt: 99, name: 'New', startsAt: null, version: 2 });
      expect(await record.campaigns.find(id)).toEqual(changed);
      expect(await record.campaigns.change(id, { endsAt: null })).toMatchObject({ endsAt: null, version: 3 });
      expect(await record.campaigns.change(randomCampaignId(), {})).toBe('not-found');
    });

    it('lets concurrent patches of different fields all take effect', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      await Promise.all([
        record.campaigns.change(id, { limit: 20 }),
        record.campaigns.change(id, { name: 'New' }),
        record.campaigns.change(id, { startsAt: 5 }),
        record.campaigns.change(id, { endsAt: 9 }),
      ]);
      const expected = { limit: 20, ceiling: 20, name: 'New', startsAt: 5, endsAt: 9, version: 5 };
      expect(await record.campaigns.find(id)).toMatchObject(expected);
    });

    it('changes nothing by a patch that would lower the limit', async () => {
      const record = await make();
      const before = await newCampaign(record, 10);
      expect(await record.campaigns.change(before.id, { limit: 9, name: 'New' })).toBe('lowers');
      expect(await record.campaigns.find(before.id)).toEqual(before);
    });

    it('refuses a patch whose result is not a valid campaign', async () => {
      const record = await make();
      const before = await newCampaign(record, 10);
      await expect(record.campaigns.change(before.id, { startsAt: 9, endsAt: 9 })).rejects.toThrow(DomainError);
      expect(await record.campaigns.find(before.id)).toEqual(before);
    });

    it('takes a new version and leaves the terms as they are', async () => {
      const record = await make();
      const before = await newCampaign(record, 10);
      const reserved = await record.campaigns.reserveVersion(before.id);
      expect(reserved).toEqual({ ...before, version: 2 });
      expect(await record.campaigns.find(before.id)).toEqual(reserved);
      expect(await record.campaigns.reserveVersion(randomCampaignId())).toBeNull();
    });

    it('records terms under a version taken before, only while the campaign still has it', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      await record.burn(id, 1, randomUserId());
      const terms = { name: 'New', limit: 4, startsAt: null, endsAt: 8 };
      const { version = 0 } = (await record.campaigns.reserveVersion(id)) ?? {};
      expect(await record.campaigns.settleVersion(id, version, terms)).toBe(true);
      expect(await record.campaigns.settleVersion(id, version, terms)).toBe(true);
      expect(await record.campaigns.find(id)).toMatchObject({ ...terms, ceiling: 5, version });
      await record.campaigns.change(id, { limit: 6 });
      expect(await record.campaigns.settleVersion(id, version, terms)).toBe(false);
      expect(await record.campaigns.find(id)).toMatchObject({ limit: 6, ceiling: 7, version: version + 1 });
      expect(await record.campaigns.settleVersion(randomCampaignId(), 1, terms)).toBe(false);
    });

    it('records terms under a version that the counter is ahead with, and changes nothing by one that is not higher', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      await record.burn(id, 1, randomUserId());
      const terms = { name: 'New', limit: 30, startsAt: 3, endsAt: null };
      await record.campaigns.adoptVersion(id, 7, terms);
      expect(await record.campaigns.find(id)).toMatchObject({ ...terms, ceiling: 31, version: 7 });
      await record.campaigns.adoptVersion(id, 7, { ...terms, limit: 40 });
      await record.campaigns.adoptVersion(id, 6, { ...terms, limit: 40 });
      expect(await record.campaigns.find(id)).toMatchObject({ ...terms, ceiling: 31, version: 7 });
    });

    it('marks a campaign archived under a new version, with how much of its limit was granted', async () => {
      const record = await make();
      const before = await newCampaign(record, 10);
      const archived = await record.campaigns.archive(before, 7, 1_767_323_045_678);
      const version = before.version + 1;
      expect(archived).toEqual({ ...before, version, archivedAt: 1_767_323_045_678, archivedGranted: 7 });
      expect(await record.campaigns.find(before.id)).toEqual(archived);
    });

    it('archives only what still has the version, the epoch and the closing time that were seen', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const seen = await record.campaigns.change(id, { endsAt: 99 });
      if (typeof seen === 'string') throw new Error(`the change is ${seen}`);
      const others = [{ version: seen.version - 1 }, { epoch: 2 }, { endsAt: 98 }, { endsAt: null }];
      for (const other of others) expect(await record.campaigns.archive({ ...seen, ...other }, 1, 5)).toBeNull();
      expect(await record.campaigns.archive({ ...seen, id: randomCampaignId() }, 1, 5)).toBeNull();
      expect(await record.campaigns.find(id)).toEqual(seen);
      await record.issuance.raiseEpoch(id);
      expect(await record.campaigns.archive(seen, 1, 5)).toBeNull();
      expect(await record.campaigns.archive({ ...seen, epoch: 2 }, 1, 5)).toMatchObject({ id, archivedAt: 5 });
    });

    it('leaves an archived campaign as it is', async () => {
      const record = await make();
      const { id, ...before } = await newCampaign(record, 10);
      const archived = await record.campaigns.archive({ id, ...before }, 7, 5);
      if (archived === null) throw new Error('the campaign was not archived');
      expect(await record.campaigns.change(id, { limit: 20 })).toBe('archived');
      expect(await record.campaigns.reserveVersion(id)).toBeNull();
      expect(await record.campaigns.settleVersion(id, archived.version, { ...archived, limit: 9 })).toBe(false);
      await record.campaigns.adoptVersion(id, archived.version + 1, { ...archived, limit: 9 });
      expect(await record.campaigns.archive(archived, 8, 6)).toBeNull();
      expect(await record.campaigns.find(id)).toEqual(archived);
    });

    it('lets one of an archiving and a change that race take effect', async () => {
      const record = await make();
      for (let round = 0; round < 10; round += 1) {
        const seen = await newCampaign(record, 10);
        const [archived, changed] = await Promise.all([
          record.campaigns.archive(seen, 1, 5),
          record.campaigns.change(seen.id, { endsAt: 99 }),
        ]);
        expect([archived, changed]).toEqual(
          archived === null
            ? [null, { ...seen, endsAt: 99, version: 2 }]
            : [{ ...seen, version: 2, archivedAt: 5, archivedGranted: 1 }, 'archived'],
        );
      }
    });

    it('leaves the coupons and failed events of a campaign alone', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const grant = aGrant(id, 1);
      await record.coupons.issue([grant]);
      await record.failedEvents.keep([aFailure(aGrant(id, 2))]);
      await record.campaigns.change(id, { limit: 20 });
      const account = await record.issuance.account(id, { epoch: 1, counter: 2, pending: [] });
      expect(account).toEqual({ issued: 1, failed: 1, burnt: 0, recorded: 2 });
    });
  });
}
