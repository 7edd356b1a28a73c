import type { Suite } from './suite.ts';
import { admissionScript } from './suites/admission-script.ts';
import { api } from './suites/api.ts';
import { campaign } from './suites/campaign.ts';
import { consumer } from './suites/consumer.ts';
import { crowd } from './suites/crowd.ts';
import { growth } from './suites/growth.ts';
import { latency } from './suites/latency.ts';
import { memory } from './suites/memory.ts';
import { twoApis } from './suites/two-apis.ts';

/** In the order in which they run. */
export const SUITES: readonly Suite[] = [
  api,
  latency,
  twoApis,
  admissionScript,
  consumer,
  campaign,
  growth,
  crowd,
  memory,
];
