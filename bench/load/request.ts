import { FIRST_USER } from './plan.ts';

const ZERO = 48;
const USER_DIGITS = String(FIRST_USER).length;

/** The bytes of an application, in which only campaign and user are written anew for each. */
export class ApplyRequest {
  readonly bytes: Buffer;
  readonly #campaigns: readonly Buffer[];
  readonly #campaignAt: number;
  readonly #userAt: number;

  /** @throws Error where names of campaigns have different lengths */
  constructor(campaigns: readonly string[]) {
    const [first = ''] = campaigns;
    if (!campaigns.every(({ length }) => length === first.length)) throw new Error('campaigns differ in length');
    const [before, between, after] = [
      'POST /campaigns/',
      '/applications HTTP/1.1\r\nHost: bench\r\nX-User-Id: ',
      '\r\nContent-Length: 0\r\n\r\n',
    ];
    this.bytes = Buffer.from(`${before}${first}${between}${FIRST_USER}${after}`, 'latin1');
    this.#campaigns = campaigns.map((id) => Buffer.from(id, 'latin1'));
    this.#campaignAt = before.length;
    this.#userAt = this.#campaignAt + first.length + between.length;
  }

  write(request: number, user: number): void {
    const { bytes } = this;
    if (this.#campaigns.length > 1) {
      bytes.set(this.#campaigns[request % this.#campaigns.length] ?? bytes, this.#campaignAt);
    }
    let rest = user;
    for (let at = this.#userAt + USER_DIGITS - 1; at >= this.#userAt; at -= 1) {
      bytes[at] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    }
  }
}
