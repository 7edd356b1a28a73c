import { Generator } from './generator.ts';
import type { Plan } from './plan.ts';
import { UnexpectedAnswers } from './unexpected-answers.ts';

/** Carries out plans for the process that forked this one, one after the other; each is answered by a report or by an error. */
process.on('message', (plan: Plan) => {
  new Generator(plan).run().then(
    (report) => process.send?.({ report }),
    (error: Error) =>
      process.send?.({
        error: error.message,
        areUnavailable: error instanceof UnexpectedAnswers ? error.areUnavailable : null,
      }),
  );
});
// Whom it sends for has ended.
process.once('disconnect', () => process.exit(0));
