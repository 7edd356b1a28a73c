import 'reflect-metadata';
import type { ContainerModule, ContainerModuleLoadOptions } from 'inversify';
import { inMemory } from '../../src/bootstrap/in-memory.ts';
import { leaderTasks } from '../../src/bootstrap/leader-tasks.ts';
import { useCases } from '../../src/bootstrap/use-cases.ts';
import type { Token } from '../../src/bootstrap/wiring.ts';

interface Recipe {
  readonly make: (...needs: unknown[]) => unknown;
  readonly needs: readonly symbol[];
}

/** The wiring of the service itself, read once: a container for each of some thousand processes a second is too slow. */
const recipes = new Map<symbol, Recipe>();

function read(module: ContainerModule): void {
  const bind = (part: symbol) => ({
    toResolvedValue: (make: Recipe['make'], needs: readonly symbol[]) => {
      recipes.set(part, { make, needs });
      return { inSingletonScope: () => undefined };
    },
  });
  void module.load({ bind } as unknown as ContainerModuleLoadOptions);
}

for (const module of [inMemory, useCases, leaderTasks]) read(module);

/** The parts of one process, each made once, when somebody asks for it. */
export class Parts {
  readonly #made = new Map<symbol, unknown>();
  readonly #offered = new Map<symbol, () => unknown>();

  set<T>(part: Token<T>, value: T): this {
    this.#made.set(part, value);
    return this;
  }

  /** Served by this, once somebody asks. */
  offer<T>(part: Token<T>, make: () => T): void {
    this.#offered.set(part, make);
  }

  get<T>(part: Token<T>): T {
    const made = this.#made;
    if (!made.has(part)) made.set(part, this.#offered.get(part)?.() ?? this.make(part));
    return made.get(part) as T;
  }

  /** Needs that are served differently. */
  with<T>(part: Token<T>, value: T): Parts {
    return new Parts().set(part, value);
  }

  /** Another one of a part, some of whose needs may be served differently. */
  make<T>(part: Token<T>, instead: Parts = this): T {
    const recipe = recipes.get(part);
    if (recipe === undefined) throw new Error(`nobody provides ${String(part)}`);
    return recipe.make(
      ...recipe.needs.map((need) => (instead.#made.has(need) ? instead : this).get(need as Token<unknown>)),
    ) as T;
  }
}
