import type { Host } from './host.ts';
import type { Server } from './server.ts';

type Method = (...values: unknown[]) => unknown;

const methodsOf = new Map<object, readonly string[]>();

/** What a request carries of its process: called when it is sent; what that answers is called when it is executed. */
export type Stamp = () => () => void;

/** The port of an adapter as a process sees it that has to send every call over a line to a server. */
export function overLine<T extends object>(adapter: T, host: Host, server: Server, stamp?: Stamp): T {
  const line: Record<string, Method> = {};
  for (const name of methods(adapter)) {
    const method = Reflect.get(adapter, name) as Method;
    line[name] = (...values) => {
      if (method.constructor.name === 'AsyncGeneratorFunction') {
        return pagesOver(Reflect.apply(method, adapter, values) as AsyncGenerator, host, server);
      }
      const unstamp = stamp?.();
      return server.call(host, () => {
        unstamp?.();
        return Reflect.apply(method, adapter, values) as Promise<unknown>;
      });
    };
  }
  return line as T;
}

/** Each page is a request of its own. */
async function* pagesOver(pages: AsyncGenerator, host: Host, server: Server): AsyncGenerator {
  for (;;) {
    const { done, value } = await server.call(host, () => pages.next());
    if (done === true) return;
    yield value;
  }
}

/** The adapter with some of its methods replaced. */
export function altered<T extends object>(adapter: T, changes: Partial<T>): T {
  const bound: Record<string, Method> = {};
  for (const name of methods(adapter)) {
    const method = Reflect.get(adapter, name) as Method;
    bound[name] = (...values) => Reflect.apply(method, adapter, values);
  }
  return Object.assign(bound, changes) as T;
}

function methods(adapter: object): readonly string[] {
  const prototype = Reflect.getPrototypeOf(adapter) as object;
  if (prototype === Object.prototype) return Object.keys(adapter);
  let names = methodsOf.get(prototype);
  if (names === undefined) {
    const found = new Set<string>();
    for (let of: object | null = prototype; of !== null && of !== Object.prototype; of = Reflect.getPrototypeOf(of)) {
      for (const name of Object.getOwnPropertyNames(of)) {
        if (name !== 'constructor' && typeof Reflect.getOwnPropertyDescriptor(of, name)?.value === 'function') {
          found.add(name);
        }
      }
    }
    names = [...found];
    methodsOf.set(prototype, names);
  }
  return names;
}
