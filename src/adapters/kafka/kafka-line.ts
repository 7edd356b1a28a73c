import { connect, type Socket } from 'node:net';
import { Kafka, logLevel, type RetryOptions } from 'kafkajs';
import { calmRequestQueueTimer } from './request-queue-timer.ts';

export interface KafkaSettings {
  readonly clientId: string;
  /** `host:port` of the brokers that are asked first. */
  readonly brokers: readonly string[];
  /** How a broker is reached, where that is not simply its address. */
  readonly openSocket?: (host: string, port: number) => Socket;
}

export interface LineLimits {
  /** Milliseconds for one request, and for connecting. */
  readonly requestTimeout: number;
  readonly retry: RetryOptions;
}

calmRequestQueueTimer();

const openPlainSocket = (host: string, port: number): Socket =>
  connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });

/**
 * A kafkajs client whose connections can be cut for good.
 *
 * kafkajs cannot take a request back: after its timeout it may still sit in a queue, behind a connection attempt or in
 * a socket's buffer, and go out later. Cutting the line resets the sockets, which drops what the kernel still holds,
 * and lets no new one be opened.
 */
export class KafkaLine {
  readonly kafka: Kafka;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  constructor(settings: KafkaSettings, limits: LineLimits) {
    const openSocket = settings.openSocket ?? openPlainSocket;
    this.kafka = new Kafka({
      clientId: settings.clientId,
      brokers: [...settings.brokers],
      connectionTimeout: limits.requestTimeout,
      requestTimeout: limits.requestTimeout,
      retry: limits.retry,
      // kafkajs logs each failed attempt with its stack; the adapters say what changed, once.
      logLevel: logLevel.NOTHING,
      socketFactory: ({ host, port, onConnect }) => {
        if (this.#isCut) throw new Error('this connection to Kafka was given up');
        const socket = openSocket(host, port);
        socket.once('connect', onConnect);
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
        return socket;
      },
    });
  }

  /** After it nothing of this line reaches a broker any more, except what a broker's host has received already. */
  cut(client?: { disconnect(): Promise<void> }): void {
    this.#isCut = true;
    for (const socket of this.#sockets) {
      // A socket that is being shut down cannot be reset: libuv refuses, the handle stays, and the process never ends.
      if (socket.connecting || socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
    // Only ends kafkajs's timers; there is nobody left to say goodbye to.
    client?.disconnect().catch(() => {});
  }
}
