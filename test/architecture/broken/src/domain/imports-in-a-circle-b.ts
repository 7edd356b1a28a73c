import { a } from './imports-in-a-circle-a.ts'; export const b = (): number => a();
