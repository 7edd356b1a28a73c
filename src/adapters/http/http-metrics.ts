import type { Middleware } from 'koa';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { ApplicationAnswer } from '../../application/apply-for-coupon.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { gaugeOf } from './gauge.ts';

/** `failed`: a store could not be asked. */
export type CountedAnswer = ApplicationAnswer['kind'] | 'failed';

type Observer = Pick<ReturnType<Histogram['labels']>, 'observe'>;

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Counts what is answered in plain numbers, and hands them over when somebody scrapes: requests come more often. */
export class HttpMetrics {
  readonly #clock: Clock;
  readonly #answers = new Map<CountedAnswer, number>();
  readonly #durations: Histogram<'route' | 'status'>;
  readonly #observers = new Map<string, Observer[]>();
  #inFlight = 0;

  /** A registry has room for the metrics of one server. */
  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    this.#durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the head of a request to its answer, by route and class of status',
      labelNames: ['route', 'status'],
      buckets: BUCKETS,
      registers: [registry],
    });
    registry.registerMetric(
      gaugeOf('http_requests_in_flight', 'Requests that wait for their answer', () => this.#inFlight),
    );
    registry.registerMetric(counterOf(this.#answers));
  }

  countApplication(answer: CountedAnswer): void {
    this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1);
  }

  /** A request is here; answers what `end` is to be given. */
  begin(): number {
    this.#inFlight += 1;
    return this.#clock.monotonic();
  }

  /** It was answered. */
  end(startedAt: number, route: string, status: number): void {
    this.#inFlight -= 1;
    this.#observer(route, status).observe((this.#clock.monotonic() - startedAt) / 1_000);
  }

  observing(): Middleware {
    return async (ctx, next) => {
      const startedAt = this.begin();
      try {
        await next();
      } finally {
        const route: unknown = ctx['_matchedRoute'];
        this.end(startedAt, typeof route === 'string' ? route : 'none', ctx.status);
      }
    };
  }

  #observer(route: string, status: number): Observer {
    const first = Math.floor(status / 100);
    return this.#observers.get(route)?.[first] ?? this.#newObserver(route, first);
  }

  #newObserver(route: string, first: number): Observer {
    const observer = this.#durations.labels(route, `${first}xx`);
    const classes = this.#observers.get(route) ?? [];
    classes[first] = observer;
    this.#observers.set(route, classes);
    return observer;
  }
}

const counterOf = (answers: ReadonlyMap<CountedAnswer, number>): Counter<'answer'> =>
  new Counter({
    name: 'coupon_applications_total',
    help: 'Applications by what was answered',
    labelNames: ['answer'],
    registers: [],
    collect() {
      this.reset();
      for (const [answer, count] of answers) this.inc({ answer }, count);
    },
  });
