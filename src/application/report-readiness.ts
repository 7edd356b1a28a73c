import type { CampaignId } from '../domain/campaign-id.ts';
import { oldestPendingGrants } from '../domain/oldest-pending-grant.ts';
import type { DependencyProbe, DependencyState } from '../domain/ports/dependency-probe.ts';
import type { CampaignStandings } from './campaign-standings.ts';

type Name = DependencyProbe['name'];

export interface Readiness {
  readonly status: DependencyState['status'];
  readonly dependencies: Readonly<Partial<Record<Name, DependencyState>>>;
  /** Over all campaigns; null where none is pending, or where the counter cannot be asked. */
  readonly oldestPendingGrant: { readonly campaignId: CampaignId; readonly seconds: number } | null;
}

/** Without a required dependency the process is unavailable; without another one it is degraded, and serves. */
export class ReportReadiness {
  readonly #probes: readonly DependencyProbe[];
  readonly #required: ReadonlySet<Name>;
  readonly #standings: Pick<CampaignStandings, 'all'>;

  constructor(
    probes: readonly DependencyProbe[],
    required: readonly Name[],
    standings: Pick<CampaignStandings, 'all'>,
  ) {
    this.#probes = probes;
    this.#required = new Set(required);
    this.#standings = standings;
  }

  async execute(): Promise<Readiness> {
    const [states, oldestPendingGrant] = await Promise.all([
      Promise.all(this.#probes.map((probe) => probe.check())),
      this.oldestPendingGrant().catch(() => null),
    ]);
    const dependencies: Partial<Record<Name, DependencyState>> = {};
    let status: Readiness['status'] = 'ready';
    this.#probes.forEach(({ name }, index) => {
      const state = states[index] ?? { status: 'unavailable' };
      dependencies[name] = state;
      if (state.status === 'unavailable' && this.#required.has(name)) status = 'unavailable';
      else if (state.status !== 'ready' && status === 'ready') status = 'degraded';
    });
    return { status, dependencies, oldestPendingGrant };
  }

  /** Rejects where the counter cannot be asked. */
  async oldestPendingGrant(): Promise<Readiness['oldestPendingGrant']> {
    const [oldest] = oldestPendingGrants(await this.#standings.all());
    return oldest === undefined ? null : { campaignId: oldest.campaignId, seconds: oldest.age / 1_000 };
  }
}
