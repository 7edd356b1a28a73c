import { work } from '../application/imports-nothing.ts'; export const worked = work;
