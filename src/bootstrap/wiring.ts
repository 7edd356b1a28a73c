import type { Container, ContainerModuleLoadOptions, MapToResolvedValueInjectOptions } from 'inversify';

declare const phantom: unique symbol;

/** Names a part and carries its type, so that a wrong or missing dependency does not compile. */
export type Token<T> = symbol & { readonly [phantom]?: (part: T) => T };

export const token = <T>(name: string): Token<T> => Symbol(name);

type TokensOf<Parts extends readonly unknown[]> = { [Index in keyof Parts]: Token<Parts[Index]> };

/** Binds a part to a function of other parts, once for the whole process. */
export const provide = <T, const Parts extends unknown[]>(
  { bind }: Pick<ContainerModuleLoadOptions, 'bind'>,
  part: Token<T>,
  needs: readonly [...TokensOf<Parts>],
  make: (...parts: Parts) => T,
): void => {
  bind<T>(part)
    .toResolvedValue<Parts>(make, needs as unknown as MapToResolvedValueInjectOptions<Parts>)
    .inSingletonScope();
};

export const resolve = <T>(container: Container, part: Token<T>): T => container.get<T>(part);
