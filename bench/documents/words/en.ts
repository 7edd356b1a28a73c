import type { Words } from './words.ts';

export const en: Words = {
  strategy: 'strategy',
  titleOf: ({ title }) => title,
  stored: 'stored',
  wrongs: {
    oversold: 'oversold',
    undersold: 'undersold',
    usersWithTwo: 'users with two',
    toldNotIssued: 'told yes, has none',
    issuedToldNo: 'told no, has one',
    toldBoth: 'told yes and no',
    issuedToStrangers: 'never asked, has one',
  },
  wrongIn: 'wrong rounds',
  of: (part, whole) => `${part} of ${whole}`,
  costs: {
    requestsPerSecond: 'requests/s',
    p50: 'p50 ms',
    p95: 'p95 ms',
    p99: 'p99 ms',
    secondsUntilStored: 'all stored s',
    databaseCpuSeconds: 'MySQL CPU s',
    statementsPerRequest: 'statements/request',
    errors: 'errors',
    stalledSeconds: 'stalled s',
  },
  work: ({ users, presses, coupons, connections, rounds }) =>
    `${users} users press ${presses} times for ${coupons} coupons, over ${connections} connections; rounds: ${rounds}. What went wrong is that of the worst round, everything else the median.`,
  stopped: (seconds, served, users) => `stopped after ${seconds} s: ${served} of ${users} users served`,

  killed: (title) => `${title}, one API process killed`,
  coupons: (stored, limit) => `${stored} coupons of ${limit}`,
  wrongsSaid: {
    oversold: (count) => `${count} too many`,
    undersold: (count) => `${count} left over although users were told "sold out"`,
    usersWithTwo: (count) => `users with two: ${count}`,
    toldNotIssued: (count) => `users told yes who have none: ${count}`,
    issuedToldNo: (count) => `users told no who have one: ${count}`,
    toldBoth: (count) => `users told yes and no: ${count}`,
    issuedToStrangers: (count) => `coupons of users who never asked: ${count}`,
  },
  nothingWrong: 'nothing was wrong',
  wrongRounds: (wrong, rounds) => `wrong in ${wrong} of ${rounds} rounds`,
  speed: ({ rate, p99, statements, stored, stalled }) =>
    `${rate} requests/s, p99 ${p99} ms, ${statements} statements a request, all stored after ${stored} s, longest time without a coupon ${stalled} s`,

  correctness: {
    burst: { title: 'What each strategy gets wrong', subtitle: 'Worst round. Everything that is not 0 is a bug.' },
    kill: {
      title: 'What each strategy gets wrong when one API process is killed',
      subtitle: 'Killed in mid-burst, another one started. Worst round. Everything that is not 0 is a bug.',
    },
  },
  panels: {
    oversold: 'coupons too many',
    undersold: 'coupons left over',
    usersWithTwo: 'users with two',
    toldNotIssued: 'told yes, have none',
    toldBoth: 'told yes and no',
  },
  rate: {
    title: 'How many requests are answered',
    subtitle: 'Accepted and refused together, on the same machine. More is better.',
    unit: 'requests per second',
  },
  latency: {
    title: 'How long users wait for an answer',
    subtitle: 'As fast as answers come, everybody at once. Less is better.',
    unit: 'milliseconds',
    ends: ['p50: half of the answers took less', 'p99: 99 of 100 took less'],
  },
  logarithmic: 'logarithmic: each line is ten times the one before',

  headline: {
    title: 'One API process against the bare framework',
    subtitle:
      'Requests per second as a share of Koa + @koa/router with the same route and no work behind it. The upright lines are the goals.',
    unit: 'share of Koa + router without work',
    bars: {
      raw: 'raw node:http, a fixed answer',
      koa: 'Koa + router without work',
      refused: 'this service, sold out',
      accepted: 'this service, accepted: decided, durable in Kafka, answered',
    },
    figure: 'figure',
    median: 'median',
    spread: 'lowest – highest',
    goal: 'goal',
    isMet: 'met',
    yes: 'yes',
    no: '**no**',
    titles: {
      'api/accepted-vs-koa': 'accepted path, as a share of Koa + router without work',
      'api/refused-vs-koa': 'refused path, as a share of the same',
      'latency/accepted-p99': 'p99 of accepted at 70 % of the maximum',
      'latency/refused-p99': 'p99 of refused at 70 % of the maximum',
      'consumer/consumer-vs-slower-reference':
        'consumer, as a share of the slower of a bare consume and a bare bulk INSERT',
      'campaign/campaign-seconds': '10,000 coupons, 100,000 users: first request to last row stored',
      'memory/redis-bytes-per-user': 'Redis memory per granted user',
    },
  },
  ratioUnit: '×',
  reported: 'Measured without a goal',
  machine: ({ cores, cpu, memory, kernel }) => `${cores} cores ${cpu}, ${memory} GiB, Linux ${kernel}`,
};
