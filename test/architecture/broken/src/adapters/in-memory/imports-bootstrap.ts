import { settings } from '../../bootstrap/settings.ts'; export const mine = settings;
