const FIRST_SIZE = 64 * 1_024;
const LAST_OF_ASCII = 0x7f;

/** Writes one after the other into a buffer that grows; strings are UTF-8. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written, until the next writing. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  int8(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  int16(value: number): void {
    this.#room(2);
    this.#length = this.#bytes.writeInt16BE(value, this.#length);
  }

  int32(value: number): void {
    this.#room(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  int64(value: bigint): void {
    this.#room(8);
    this.#length = this.#bytes.writeBigInt64BE(value, this.#length);
  }

  /** Leaves room for 4 bytes that are known later only, and answers where. */
  later(): number {
    this.#room(4);
    this.#length += 4;
    return this.#length - 4;
  }

  setUint32(at: number, value: number): void {
    this.#bytes.writeUInt32BE(value, at);
  }

  /** Zigzag, as Kafka's records count. */
  varint(value: number): void {
    this.#room(5);
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  buffer(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Behind its length as a varint. Nearly all are short and ASCII: no call into Node for those. */
  string(text: string): void {
    const { length } = text;
    const start = this.#length;
    this.varint(length);
    this.#room(length);
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > LAST_OF_ASCII) {
        this.#length = start;
        this.#longer(Buffer.from(text));
        return;
      }
      this.#bytes[this.#length++] = code;
    }
  }

  #longer(text: Buffer): void {
    this.varint(text.length);
    this.buffer(text);
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + size));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
