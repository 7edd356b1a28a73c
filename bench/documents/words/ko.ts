import type { Words } from './words.ts';

/** By strategy and number of processes; a strategy without a translation keeps its title. */
const TITLES: Readonly<Record<string, string>> = {
  'count-then-insert/2': '행 수를 센 뒤 삽입',
  'mutex-in-process/1': '뮤텍스, 프로세스 하나',
  'mutex-in-process/2': '뮤텍스, 프로세스 둘',
  'select-for-update/2': 'SELECT … FOR UPDATE',
  'get-lock/2': 'GET_LOCK',
  'redis-lock/2': 'Redis 락',
  'redis-lock-paused/2': 'Redis 락, 락을 쥔 쪽이 멈춤',
  'redis-incr/2': 'Redis INCR 다음 삽입',
  'textbook-pipeline/2': 'Redis INCR + Kafka, 확인 응답을 기다리지 않음',
  'this-service/2': '이 서비스',
};

export const ko: Words = {
  strategy: '전략',
  titleOf: ({ strategy, processes, title }) => TITLES[`${strategy}/${processes}`] ?? title,
  stored: '저장됨',
  wrongs: {
    oversold: '초과 발급',
    undersold: '남은 쿠폰',
    usersWithTwo: '두 장 받은 사용자',
    toldNotIssued: '당첨이라 듣고 못 받음',
    issuedToldNo: '매진이라 듣고 받음',
    toldBoth: '당첨과 매진을 둘 다 들음',
    issuedToStrangers: '신청하지 않고 받음',
  },
  wrongIn: '틀린 라운드',
  of: (part, whole) => `${whole} 중 ${part}`,
  costs: {
    requestsPerSecond: '초당 요청',
    p50: 'p50 ms',
    p95: 'p95 ms',
    p99: 'p99 ms',
    secondsUntilStored: '모두 저장 s',
    databaseCpuSeconds: 'MySQL CPU s',
    statementsPerRequest: '요청당 SQL 문',
    errors: '오류',
    stalledSeconds: '멈춘 시간 s',
  },
  work: ({ users, presses, coupons, connections, rounds }) =>
    `사용자 ${users}명이 연결 ${connections}개로 쿠폰 ${coupons}장을 ${presses}번 신청합니다. 라운드 ${rounds}회. 틀린 것의 수는 가장 나쁜 라운드의 값이고, 나머지는 모두 중앙값입니다.`,
  stopped: (seconds, served, users) => `${seconds}초 뒤 중단: ${users}명 중 ${served}명만 응답받음`,

  killed: (title) => `${title}, API 프로세스 하나를 죽였을 때`,
  coupons: (stored, limit) => `한도 ${limit}장에 쿠폰 ${stored}장`,
  wrongsSaid: {
    oversold: (count) => `초과 발급 ${count}장`,
    undersold: (count) => `매진이라고 답하고도 남은 쿠폰 ${count}장`,
    usersWithTwo: (count) => `두 장 받은 사용자 ${count}명`,
    toldNotIssued: (count) => `당첨이라 듣고 못 받은 사용자 ${count}명`,
    issuedToldNo: (count) => `매진이라 듣고 받은 사용자 ${count}명`,
    toldBoth: (count) => `당첨과 매진을 둘 다 들은 사용자 ${count}명`,
    issuedToStrangers: (count) => `신청하지 않은 사용자의 쿠폰 ${count}장`,
  },
  nothingWrong: '틀린 것 없음',
  wrongRounds: (wrong, rounds) => `${rounds}라운드 중 ${wrong}라운드에서 틀림`,
  speed: ({ rate, p99, statements, stored, stalled }) =>
    `초당 요청 ${rate}건, p99 ${p99} ms, 요청당 SQL 문 ${statements}개, 모두 저장되기까지 ${stored}초, 쿠폰이 나가지 않은 가장 긴 시간 ${stalled}초`,

  correctness: {
    burst: { title: '전략마다 무엇이 틀리는가', subtitle: '가장 나쁜 라운드. 0이 아니면 모두 버그입니다.' },
    kill: {
      title: 'API 프로세스 하나를 죽이면 전략마다 무엇이 틀리는가',
      subtitle: '한창 몰릴 때 하나를 죽이고 새로 띄웁니다. 가장 나쁜 라운드. 0이 아니면 모두 버그입니다.',
    },
  },
  panels: {
    oversold: '초과 발급된 쿠폰',
    undersold: '남은 쿠폰',
    usersWithTwo: '두 장 받은 사용자',
    toldNotIssued: '당첨이라 듣고 못 받음',
    toldBoth: '당첨과 매진을 둘 다 들음',
  },
  rate: {
    title: '얼마나 많은 요청에 답하는가',
    subtitle: '당첨과 거절을 합한 수, 같은 머신. 많을수록 좋습니다.',
    unit: '초당 요청 수',
  },
  latency: {
    title: '응답을 얼마나 기다리는가',
    subtitle: '모두가 한꺼번에, 응답이 오는 대로 계속 요청합니다. 짧을수록 좋습니다.',
    unit: '밀리초',
    ends: ['p50: 응답의 절반이 이보다 빠름', 'p99: 100개 중 99개가 이보다 빠름'],
  },
  logarithmic: '로그 눈금: 선 하나마다 열 배',

  headline: {
    title: 'API 프로세스 하나와 프레임워크 자체의 비교',
    subtitle:
      '초당 요청 수를, 같은 경로에서 아무 일도 하지 않는 Koa + @koa/router에 대한 비율로 나타냈습니다. 세로선은 목표입니다.',
    unit: '아무 일도 하지 않는 Koa + 라우터에 대한 비율',
    bars: {
      raw: 'node:http만, 정해진 응답',
      koa: '아무 일도 하지 않는 Koa + 라우터',
      refused: '이 서비스, 매진',
      accepted: '이 서비스, 당첨: 결정하고 Kafka에 저장한 뒤 응답',
    },
    figure: '지표',
    median: '중앙값',
    spread: '최저 – 최고',
    goal: '목표',
    isMet: '달성',
    yes: '예',
    no: '**아니요**',
    titles: {
      'api/accepted-vs-koa': '당첨 경로, 아무 일도 하지 않는 Koa + 라우터에 대한 비율',
      'api/refused-vs-koa': '거절 경로, 같은 기준에 대한 비율',
      'latency/accepted-p99': '최대 처리량의 70%에서 당첨 응답의 p99',
      'latency/refused-p99': '최대 처리량의 70%에서 거절 응답의 p99',
      'consumer/consumer-vs-slower-reference': '컨슈머, 단순 소비와 단순 일괄 INSERT 중 느린 쪽에 대한 비율',
      'campaign/campaign-seconds': '쿠폰 10,000장, 사용자 100,000명: 첫 요청부터 마지막 행 저장까지',
      'memory/redis-bytes-per-user': '당첨된 사용자 한 명당 Redis 메모리',
    },
  },
  ratioUnit: '배',
  reported: '목표 없이 측정한 값',
  machine: ({ cores, cpu, memory, kernel }) => `${cores} cores ${cpu}, ${memory} GiB, Linux ${kernel}`,
};
