import { en } from './en.ts';
import { ko } from './ko.ts';
import type { Language, Words } from './words.ts';

const WORDS: Readonly<Record<Language, Words>> = { en, ko };

export const wordsOf = (language: Language): Words => WORDS[language];
