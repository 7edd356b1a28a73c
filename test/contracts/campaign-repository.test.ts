import { inMemoryRecord } from '../support/permanent-record.ts';
import { campaignRepositoryContract } from './campaign-repository.contract.ts';

campaignRepositoryContract('InMemoryCampaignRepository', async () => inMemoryRecord());
