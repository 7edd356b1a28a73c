import { edge } from '../adapters/http/imports-nothing.ts'; export const reached = edge;
