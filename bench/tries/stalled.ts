const MOST_TURNS = 3;

/** Kafka did not acknowledge in time: nothing was measured, and nothing is wrong. */
export class Stalled extends Error {}

/** The clients of the service wait a second, and a busy machine may stand still for longer: such a turn is repeated. */
export async function repeatedWhereStalled<Result>(turn: () => Promise<Result>): Promise<Result> {
  for (let turns = 1; ; turns += 1) {
    try {
      return await turn();
    } catch (error) {
      if (!(error instanceof Stalled) || turns === MOST_TURNS) throw error;
      console.error(`measured again: ${error.message}: ${String(error.cause)}`);
    }
  }
}
