import { settings } from '../node/imports-in-memory.ts'; export const mine = settings;
