import { Installation } from '../support/installation.ts';
import { packageVersions, versionsOf } from '../support/versions.ts';

/** An installation that is started for the first who needs it, and serves the others as well. */
export class ServersWhenAsked implements AsyncDisposable {
  #installation: Installation | null = null;
  #versions: Readonly<Record<string, string>> | null = null;

  readonly installed = async (): Promise<Installation> => {
    this.#installation ??= await Installation.start();
    this.#versions ??= await versionsOf(this.#installation);
    return this.#installation;
  };

  /** Of the servers too, once there were any. */
  async versions(): Promise<Readonly<Record<string, string>>> {
    return this.#versions ?? { node: process.versions.node, ...(await packageVersions()) };
  }

  lastLines(): readonly string[] {
    return this.#installation?.lastLines() ?? [];
  }

  /** Whoever asks afterwards is given new ones. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#installation?.[Symbol.asyncDispose]();
    this.#installation = null;
  }
}
