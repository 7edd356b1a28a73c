const PAGE = 4_096;

/**
 * Whose a sequence is, by sequence: eight bytes each, in pages, because a campaign may have a million of them, and a
 * foreign event may claim any. A second user of the same sequence is the exception, and kept apart.
 */
export class UsersBySequence {
  readonly #pages = new Map<number, BigInt64Array>();
  readonly #others = new Map<number, bigint[]>();

  /** @param user above 0; negative where the grant was voided */
  add(sequence: number, user: bigint): void {
    const page = this.#pageOf(sequence);
    const at = sequence % PAGE;
    const first = page[at] ?? 0n;
    if (first === 0n) page[at] = user;
    else if (first !== user) this.#addOther(page, at, sequence, user);
  }

  /** The first user that was added; 0 where nobody was. */
  first(sequence: number): bigint {
    return this.#pages.get(Math.floor(sequence / PAGE))?.[sequence % PAGE] ?? 0n;
  }

  others(sequence: number): readonly bigint[] {
    return this.#others.get(sequence) ?? NOBODY;
  }

  has(sequence: number, user: bigint): boolean {
    return this.first(sequence) === user || this.others(sequence).includes(user);
  }

  #pageOf(sequence: number): BigInt64Array {
    const number = Math.floor(sequence / PAGE);
    const found = this.#pages.get(number);
    if (found !== undefined) return found;
    const page = new BigInt64Array(PAGE);
    this.#pages.set(number, page);
    return page;
  }

  #addOther(page: BigInt64Array, at: number, sequence: number, user: bigint): void {
    // The same user before and after a void, which only goes one way.
    if (page[at] === -user) {
      page[at] = user < 0n ? user : -user;
      return;
    }
    const others = this.#others.get(sequence);
    if (others === undefined) this.#others.set(sequence, [user]);
    else if (!others.includes(user)) others.push(user);
  }
}

const NOBODY: readonly bigint[] = [];
