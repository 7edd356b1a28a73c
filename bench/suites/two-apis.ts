import { ApplyLoad } from '../load/apply-load.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { type Figure, reading, type Suite } from '../suite.ts';
import type { Installation } from '../support/installation.ts';
import { loadReadings } from './api/load-readings.ts';
import { inTurn } from './turns.ts';

const [SECONDS, QUICK_SECONDS] = [4, 0.5] as const;

const figuresOf = (kind: 'accepted' | 'refused'): readonly Figure[] => {
  const [one, two] = [reading(`${kind}-one-rate`), reading(`${kind}-two-rate`)];
  return [
    {
      name: `${kind}-two-vs-one`,
      title: `${kind}: two API processes / one`,
      unit: 'ratio',
      of: (readings) => two(readings) / one(readings),
    },
    { name: `${kind}-one-rate`, title: `${kind}: one API process`, unit: '1/s', of: one },
    { name: `${kind}-two-rate`, title: `${kind}: two API processes`, unit: '1/s', of: two },
  ];
};

export const twoApis: Suite = {
  name: 'two-apis',
  figures: [...figuresOf('accepted'), ...figuresOf('refused')],
  notes: [
    'Nothing is pinned, and the generator has a process of its own: two processes gain what the cores have left.',
  ],
  async prepare(installation, { quick }) {
    await using parts = new AsyncDisposableStack();
    parts.use(await secondApi(installation));
    const load = new ApplyLoad(installation, parts.use(new LoadGenerator()));
    const two = {
      ports: installation.deployment.apis.map(({ port }) => port),
      seconds: quick ? QUICK_SECONDS : SECONDS,
    };
    const one = { ...two, ports: two.ports.slice(0, 1) };
    const owned = parts.move();
    return {
      round: (number) =>
        inTurn(number, [
          async () => loadReadings('accepted-one', await load.accepted(one)),
          async () => loadReadings('accepted-two', await load.accepted(two)),
          async () => loadReadings('refused-one', await load.refused(one)),
          async () => loadReadings('refused-two', await load.refused(two)),
        ]),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

async function secondApi({ deployment }: Installation): Promise<AsyncDisposable> {
  await deployment.startApis(1);
  const second = deployment.apis.at(-1);
  await second?.ready();
  return {
    async [Symbol.asyncDispose]() {
      deployment.apis.pop();
      await second?.stop();
    },
  };
}
