import { edge } from '../http/imports-nothing.ts'; export const reached = edge;
