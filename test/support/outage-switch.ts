/** Lets a test take a store away: every asynchronous method of what it guards rejects with this error, and does nothing. */
export class OutageSwitch {
  error: Error | null = null;

  guard<T extends object>(adapter: T, asynchronous: readonly (keyof T & string)[]): T {
    return new Proxy(adapter, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        if (this.error !== null && asynchronous.some((each) => each === name)) return () => Promise.reject(this.error);
        return member.bind(target);
      },
    });
  }
}
