import type { DependencyProbe, DependencyState } from '../domain/ports/dependency-probe.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { CampaignDirectory } from './campaign-directory.ts';

const NAMED = 5;

/**
 * The counter is fit for work when its server is, and when campaigns are open. One closed campaign among open ones is
 * `degraded`: taking every API out of service would close the others too.
 */
export class CounterProbe implements DependencyProbe {
  readonly name = 'redis';
  readonly #server: DependencyProbe;
  readonly #counter: IssuanceCounter;
  readonly #directory: CampaignDirectory;

  constructor(server: DependencyProbe, counter: IssuanceCounter, directory: CampaignDirectory) {
    this.#server = server;
    this.#counter = counter;
    this.#directory = directory;
  }

  async check(): Promise<DependencyState> {
    const server = await this.#server.check();
    if (server.status === 'unavailable') return server;
    try {
      const { closed, open } = await this.#campaigns();
      if (closed.length === 0) return server;
      const more = closed.length > NAMED ? `, and ${closed.length - NAMED} more` : '';
      const detail = `being rebuilt: ${closed.slice(0, NAMED).join(', ')}${more}`;
      return { status: open > 0 ? 'degraded' : 'unavailable', detail };
    } catch (error) {
      return { status: 'unavailable', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async #campaigns(): Promise<{ readonly closed: readonly string[]; readonly open: number }> {
    const ids = await this.#directory.opened();
    const standings = await Promise.all(ids.map((id) => this.#counter.standing(id)));
    const closed: string[] = [];
    standings.forEach((standing, index) => {
      if (standing.kind === 'unknown') closed.push(`${ids[index]} (${standing.reason})`);
    });
    return { closed, open: ids.length - closed.length };
  }
}
