/** Where an answer says its length, and where its body starts. */
interface Shape {
  readonly lengthAt: number;
  readonly digits: number;
  readonly bodyAt: number;
}

const [LINE_FEED, RETURN, SPACE, COLON, ZERO, NINE, SMALL_H] = [10, 13, 32, 58, 48, 57, 104] as const;
const STATUS_AT = 'HTTP/1.1 '.length;

/**
 * Reads answers straight from the bytes: an answer has its length and its body where the last one with its status had
 * them, but for the digits of the length. Where it does not, its head is searched.
 */
export class AnswerReader {
  status = 0;
  bodyAt = 0;
  readonly #shapes: (Shape | undefined)[] = [];

  /**
   * How many bytes the answer has that starts the buffer, of which so many have arrived; 0 until its head has.
   *
   * @throws Error where an answer does not say how long it is
   */
  lengthOf(bytes: Uint8Array, arrived: number): number {
    const digitAt = (at: number): number => (bytes[at] ?? 0) - ZERO;
    this.status = digitAt(STATUS_AT) * 100 + digitAt(STATUS_AT + 1) * 10 + digitAt(STATUS_AT + 2);
    const shape = this.#shapes[this.status];
    if (shape === undefined || !isLengthAt(bytes, shape.lengthAt)) return this.#search(bytes, arrived);
    let length = 0;
    let at = shape.lengthAt;
    for (let digit = bytes[at] ?? 0; digit >= ZERO && digit <= NINE; digit = bytes[at] ?? 0) {
      length = length * 10 + digit - ZERO;
      at += 1;
    }
    this.bodyAt = shape.bodyAt + at - shape.lengthAt - shape.digits;
    // What lies behind the bytes that have arrived is of an earlier answer.
    if (this.bodyAt > arrived || !isHeadEnd(bytes, this.bodyAt)) return this.#search(bytes, arrived);
    return this.bodyAt + length;
  }

  #search(bytes: Uint8Array, arrived: number): number {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, arrived).toString('latin1');
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return 0;
    const found = /\r\ncontent-length: ([0-9]+)\r/i.exec(text.slice(0, head + 1));
    const [line, digits] = found ?? [];
    if (found === null || line === undefined || digits === undefined) {
      throw new Error(`an answer does not say how long it is: ${text}`);
    }
    const lengthAt = found.index + line.length - 1 - digits.length;
    this.bodyAt = head + 4;
    this.#shapes[this.status] = { lengthAt, digits: digits.length, bodyAt: this.bodyAt };
    return this.bodyAt + Number(digits);
  }
}

/** No other header of these servers ends in `h`. */
const isLengthAt = (bytes: Uint8Array, at: number): boolean =>
  bytes[at - 1] === SPACE && bytes[at - 2] === COLON && bytes[at - 3] === SMALL_H;

const isHeadEnd = (bytes: Uint8Array, end: number): boolean =>
  bytes[end - 1] === LINE_FEED &&
  bytes[end - 2] === RETURN &&
  bytes[end - 3] === LINE_FEED &&
  bytes[end - 4] === RETURN;
