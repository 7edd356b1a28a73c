const HEAD_END = '\r\n\r\n';

/** Cuts what arrives on a connection into answers; every answer of the service says how long it is. */
export class AnswerReader {
  #text = '';

  /** The next whole answer, if there is one. */
  take(arrived: string): string | null {
    this.#text += arrived;
    const head = this.#text.indexOf(HEAD_END);
    if (head < 0) return null;
    const length = /\r\ncontent-length: ([0-9]+)/i.exec(this.#text.slice(0, head))?.[1] ?? '0';
    const end = head + HEAD_END.length + Number(length);
    if (this.#text.length < end) return null;
    const answer = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return answer;
  }
}
