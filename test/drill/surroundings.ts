import { freePort } from '../support/free-port.ts';
import { type Detour as KafkaDetour, type Server, ServerStack } from '../support/own-servers.ts';
import type { Environment } from '../support/service-process.ts';
import type { Course } from './detour.ts';
import { Detours } from './detours.ts';

export const SERVERS: readonly Server[] = ['redis', 'kafka', 'mysql'];

/** Real servers, and for each process of the service one way to each of them that can be disturbed. */
export class Surroundings {
  readonly servers: ServerStack;
  readonly #detours: Detours;
  readonly #firstPort: number;

  private constructor(servers: ServerStack, detours: Detours, firstPort: number) {
    this.servers = servers;
    this.#detours = detours;
    this.#firstPort = firstPort;
  }

  /** Kafka names itself to its clients: each process knows it by the port of its own detour. */
  static async start(processes: number, prepare: (directory: string) => Promise<unknown>): Promise<Surroundings> {
    const first = await freePort(4 * processes);
    const wayTo = (process: number, server: Server) => first + 3 * process + SERVERS.indexOf(server);
    const kafka: KafkaDetour[] = Array.from({ length: processes }, (_, process) => ({
      port: first + 3 * processes + process,
      through: wayTo(process, 'kafka'),
    }));
    const servers = await ServerStack.start(kafka, prepare);
    const ways = kafka.flatMap((detour, process) =>
      SERVERS.map((server) => ({
        port: wayTo(process, server),
        target: server === 'kafka' ? detour.port : servers.ports[server],
      })),
    );
    return new Surroundings(servers, await Detours.open(ways), first);
  }

  /** Where the servers are for this process. */
  environment(process: number): Environment {
    const [redis, kafka, mysql] = SERVERS.map((_, index) => this.#firstPort + 3 * process + index);
    return {
      REDIS_URL: `redis://127.0.0.1:${redis}`,
      KAFKA_BROKERS: `127.0.0.1:${kafka}`,
      MYSQL_URL: `mysql://root@127.0.0.1:${mysql}/coupon`,
    };
  }

  disturb(server: Server, processes: readonly number[], course: Course): Promise<void> {
    return this.#detours.take(
      processes.map((process) => 3 * process + SERVERS.indexOf(server)),
      course,
    );
  }

  async remove(): Promise<void> {
    await this.#detours.close();
    await this.servers.remove();
  }
}
