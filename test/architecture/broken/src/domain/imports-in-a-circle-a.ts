import { b } from './imports-in-a-circle-b.ts'; export const a = (): number => b();
