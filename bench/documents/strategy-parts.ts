import type { Row, Section } from '../strategies/laboratory/result.ts';
import { shown } from '../support/table.ts';
import { type Column, markdownTable } from './markdown-table.ts';
import { originOf, strategiesCommand } from './origin.ts';
import type { StrategyResults } from './strategy-results.ts';
import type { Cost, Words, Wrong } from './words/words.ts';

/** What is not in every table: it has never been above 0 so far, and is said where it is. */
const RARELY: readonly Wrong[] = ['issuedToStrangers'];

/** The tables of one section, and where they come from. */
export function strategiesPart(results: StrategyResults, { rows }: Section, words: Words): string {
  const { users, presses, coupons, connections, rounds } = results;
  const work = {
    users: shown(users),
    presses: shown(presses),
    coupons: shown(coupons),
    connections: shown(connections),
    rounds: shown(rounds),
  };
  const stopped = rows.flatMap((row) => {
    const said = stoppedText(row, words);
    return said === null ? [] : [`- ${words.titleOf(row)}: ${said}`];
  });
  return [
    wrongTable(rows, words),
    costTable(rows, words),
    words.work(work),
    ...(stopped.length > 0 ? [stopped.join('\n')] : []),
    originOf(strategiesCommand(results), results, words),
  ].join('\n\n');
}

/** A line for each row of a strategy, in the order of the sections: what it did, in figures. */
export function strategyPart({ sections }: StrategyResults, strategy: string, words: Words): string {
  const lines = sections.flatMap(({ name, rows }) => {
    const own = rows.filter((row) => row.strategy === strategy);
    return own.map((row) => {
      const said = name === 'kill' ? words.killed(words.titleOf(row)) : words.titleOf(row);
      return `- **${said}:** ${figuresText(row, words)}.`;
    });
  });
  return lines.join('\n');
}

export function stoppedText({ stoppedAfter, usersServed, users }: Row, words: Words): string | null {
  return stoppedAfter === null ? null : words.stopped(shown(stoppedAfter), shown(usersServed), shown(users));
}

function figuresText(row: Row, words: Words): string {
  const wrongs = Object.entries(words.wrongsSaid).flatMap(([name, said]) => {
    const count = row[name as Wrong];
    return count === 0 ? [] : [said(shown(count))];
  });
  const verdict = wrongs.length === 0 ? [words.nothingWrong] : [...wrongs, wrongRounds(row, words)];
  const speed = words.speed({
    rate: shown(row.requestsPerSecond),
    p99: shown(row.p99),
    statements: shown(row.statementsPerRequest),
    stored: shown(row.secondsUntilStored),
    stalled: shown(row.stalledSeconds),
  });
  const stopped = stoppedText(row, words);
  const sentences = [
    `${words.coupons(shown(row.stored), shown(row.limit))}; ${verdict.join(', ')}`,
    speed,
    ...(stopped === null ? [] : [stopped]),
  ];
  return sentences.join('; ');
}

const wrongRounds = ({ rounds, roundsWrong }: Row, words: Words): string =>
  words.wrongRounds(shown(roundsWrong), shown(rounds));

function wrongTable(rows: readonly Row[], words: Words): string {
  const names = Object.keys(words.wrongs) as Wrong[];
  const shownNames = names.filter((name) => !RARELY.includes(name) || rows.some((row) => row[name] > 0));
  const columns: Column[] = [
    { head: words.strategy },
    { head: words.stored, align: 'right' },
    ...shownNames.map((name): Column => ({ head: words.wrongs[name], align: 'right' })),
    { head: words.wrongIn, align: 'right' },
  ];
  return markdownTable(
    columns,
    rows.map((row) => [
      words.titleOf(row),
      shown(row.stored),
      ...shownNames.map((name) => (row[name] === 0 ? '0' : `**${shown(row[name])}**`)),
      words.of(shown(row.roundsWrong), shown(row.rounds)),
    ]),
  );
}

function costTable(rows: readonly Row[], words: Words): string {
  const names = Object.keys(words.costs) as Cost[];
  const columns: Column[] = [
    { head: words.strategy },
    ...names.map((name): Column => ({ head: words.costs[name], align: 'right' })),
  ];
  return markdownTable(
    columns,
    rows.map((row) => [words.titleOf(row), ...names.map((name) => shown(row[name]))]),
  );
}
