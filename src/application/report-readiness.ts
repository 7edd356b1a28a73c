import type { DependencyProbe, DependencyState } from '../domain/ports/dependency-probe.ts';

type Name = DependencyProbe['name'];

export interface Readiness {
  readonly status: DependencyState['status'];
  readonly dependencies: Readonly<Partial<Record<Name, DependencyState>>>;
}

/** Without a required dependency the process is unavailable; without another one it is degraded, and serves. */
export class ReportReadiness {
  readonly #probes: readonly DependencyProbe[];
  readonly #required: ReadonlySet<Name>;

  constructor(probes: readonly DependencyProbe[], required: readonly Name[]) {
    this.#probes = probes;
    this.#required = new Set(required);
  }

  async execute(): Promise<Readiness> {
    const states = await Promise.all(this.#probes.map((probe) => probe.check()));
    const dependencies: Partial<Record<Name, DependencyState>> = {};
    let status: Readiness['status'] = 'ready';
    this.#probes.forEach(({ name }, index) => {
      const state = states[index] ?? { status: 'unavailable' };
      dependencies[name] = state;
      if (state.status === 'unavailable' && this.#required.has(name)) status = 'unavailable';
      else if (state.status !== 'ready' && status === 'ready') status = 'degraded';
    });
    return { status, dependencies };
  }
}
