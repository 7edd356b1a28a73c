import type { Admin } from 'kafkajs';
import { Unavailable } from '../../domain/outage.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import { KafkaLine, type KafkaSettings } from './kafka-line.ts';
import { within } from './within.ts';

const ANSWER_TIMEOUT = 2_000;

/** Asks Kafka about topics and groups over a connection of its own, which it opens when it is asked and again after a failure. */
export class KafkaAdmin {
  readonly #settings: KafkaSettings;
  readonly #scheduler: Scheduler;
  #session: AdminSession | null = null;

  constructor(settings: KafkaSettings, scheduler: Scheduler) {
    this.#settings = settings;
    this.#scheduler = scheduler;
  }

  /** Rejects with `Unavailable` where there is no answer within 2 s. */
  async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    this.#session ??= new AdminSession(this.#settings);
    const session = this.#session;
    try {
      return await within(ANSWER_TIMEOUT, this.#scheduler, session.connected.then(question));
    } catch (cause) {
      if (this.#session === session) this.#session = null;
      session.cut();
      throw new Unavailable('event-log', `Kafka cannot be asked: ${String(cause)}`, cause);
    }
  }

  async disconnect(): Promise<void> {
    this.#session?.cut();
    this.#session = null;
  }
}

class AdminSession {
  readonly connected: Promise<Admin>;
  readonly #line: KafkaLine;
  readonly #admin: Admin;

  constructor(settings: KafkaSettings) {
    this.#line = new KafkaLine(settings, {
      requestTimeout: ANSWER_TIMEOUT,
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 500 },
    });
    this.#admin = this.#line.kafka.admin();
    this.connected = this.#admin.connect().then(() => this.#admin);
  }

  cut(): void {
    this.#line.cut(this.#admin);
  }
}
