interface RaisedAlarm {
  readonly campaign: string;
  readonly count: number;
  readonly report: string;
}

const RAISED = '"counter, event log and record disagree"';

/** Alarms of the reconciliation in the logs: a report has the last word only, which may have taken an alarm back. */
export function raisedAlarms(lines: readonly string[]): readonly RaisedAlarm[] {
  return lines
    .filter((line) => line.includes(RAISED))
    .map((report) => {
      const [, campaign = '', count] = /"campaign":"([^"]+)","disagreements":(\d+)/.exec(report) ?? [];
      return { campaign, count: Number(count), report };
    });
}
