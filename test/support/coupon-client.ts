type Json = Readonly<Record<string, unknown>>;

export interface Reply<Body = Json> {
  readonly status: number;
  readonly body: Body;
}

interface Items<Item> {
  readonly items: readonly Item[];
}

export interface Account {
  readonly granted: number;
  readonly pending: number;
  readonly inFlight: number;
  readonly issued: number;
  readonly failed: number;
  readonly burnt: number;
  readonly unaccounted: number;
  readonly lag: number;
  readonly state: string;
}

export interface ShownFailedEvent {
  readonly id: string;
  readonly reason: string;
  readonly campaignId: string | null;
  readonly holdsSlot: boolean;
  readonly offset: string;
  readonly content: {
    readonly key: string | null;
    readonly value: string | null;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly length: number;
    readonly sha256: string;
  };
}

/** Asks one API what users and operators ask it. */
export class CouponClient {
  readonly url: string;
  readonly #adminToken: string;

  constructor(url: string, adminToken: string) {
    this.url = url;
    this.#adminToken = adminToken;
  }

  apply = (campaignId: string, userId: string): Promise<Reply> =>
    this.#asUser('POST', `/campaigns/${campaignId}/applications`, userId);

  application = (campaignId: string, userId: string): Promise<Reply> =>
    this.#asUser('GET', `/campaigns/${campaignId}/applications/me`, userId);

  coupons = (userId: string): Promise<Reply<Items<Json>>> => this.#asUser('GET', '/me/coupons', userId);

  createCampaign = (id: string, limit: number): Promise<Reply> =>
    this.#asOperator('PUT', `/admin/campaigns/${id}`, { name: `Campaign ${id}`, limit });

  rebuild = (id: string): Promise<Reply> => this.#asOperator('POST', `/admin/campaigns/${id}/rebuild`);
  republish = (id: string): Promise<Reply> => this.#asOperator('POST', `/admin/campaigns/${id}/republish`);

  async account(id: string): Promise<Account> {
    const { status, body } = await this.#asOperator<Account>('GET', `/admin/campaigns/${id}`);
    if (status !== 200) throw new Error(`the account of ${id} is answered ${status} ${JSON.stringify(body)}`);
    return body;
  }

  async failedEvents(filter = ''): Promise<readonly ShownFailedEvent[]> {
    const path = `/admin/failed-events?limit=100${filter}`;
    const { status, body } = await this.#asOperator<Items<ShownFailedEvent>>('GET', path);
    if (status !== 200) throw new Error(`the failed events are answered ${status} ${JSON.stringify(body)}`);
    return body.items;
  }

  /** Absent: all of them. */
  reissue = (id?: string): Promise<Reply> =>
    this.#asOperator('POST', `/admin/failed-events/${id === undefined ? '' : `${id}/`}reissue`);

  #asUser<Body = Json>(method: string, path: string, userId: string): Promise<Reply<Body>> {
    return this.#ask(method, path, { 'X-User-Id': userId });
  }

  #asOperator<Body = Json>(method: string, path: string, body?: unknown): Promise<Reply<Body>> {
    return this.#ask(method, path, { authorization: `Bearer ${this.#adminToken}` }, body);
  }

  async #ask<Body>(
    method: string,
    path: string,
    headers: Record<string, string>,
    sent?: unknown,
  ): Promise<Reply<Body>> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: sent === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: sent === undefined ? null : JSON.stringify(sent),
      signal: AbortSignal.timeout(15_000),
    });
    const body: Body = JSON.parse(await answer.text());
    return { status: answer.status, body };
  }
}
