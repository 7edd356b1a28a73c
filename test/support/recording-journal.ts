import type { Journal } from '../../src/domain/ports/journal.ts';

export interface JournalLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Keeps what the operator would be told. */
export class RecordingJournal implements Journal {
  readonly lines: JournalLine[] = [];

  info(message: string, details = {}): void {
    this.lines.push({ level: 'info', message, details });
  }

  warn(message: string, details = {}): void {
    this.lines.push({ level: 'warn', message, details });
  }

  error(message: string, details = {}): void {
    this.lines.push({ level: 'error', message, details });
  }

  at(level: JournalLine['level']): readonly JournalLine[] {
    return this.lines.filter((line) => line.level === level);
  }
}
