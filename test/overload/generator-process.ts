import { Generator, type Plan } from './generator.ts';

/** Runs one plan for the process that forked this one. */
process.once('message', (plan: Plan) => {
  void new Generator(plan).run().then((report) => process.send?.(report, () => process.exit(0)));
});
