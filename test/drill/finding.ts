/** What was found of one kind: how much, and the first of it. */
export class Finding {
  readonly examples: string[] = [];
  count = 0;

  add(example: string, count = 1): void {
    this.count += count;
    if (this.examples.length < 10) this.examples.push(example);
  }

  addAll(examples: Iterable<string>): void {
    for (const example of examples) this.add(example);
  }
}
