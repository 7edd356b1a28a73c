import { mine } from '../in-memory/imports-bootstrap.ts'; export const settings = mine;
