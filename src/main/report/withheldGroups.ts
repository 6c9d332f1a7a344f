import { words } from '#shared/words/words.ts';
import { type MeasurementRow, measurementRows } from './measurementRows.ts';
import type { ReportInput } from './reportInput.ts';

/** What is not given for one reason. */
export interface WithheldGroup {
  /** Why, as a sentence's part. */
  readonly why: string;
  /** Names of numbers; "Ostium (7)" where all of a section's are withheld for this reason. */
  readonly what: readonly string[];
}

const UNSTATED = 'not measurable on this surface';

const sectionOf = ({ label }: MeasurementRow): string =>
  label.includes(', ') ? label.slice(0, label.lastIndexOf(', ')) : label;

/**
 * The numbers that are not given, gathered by reason in the order of the measurements, then the devices without a size.
 *
 * Example: without an ostium its seven numbers stand as "Ostium (7)", each landing zone as "Landing zone at 10 mm (6)".
 */
export function withheldGroups(input: ReportInput): WithheldGroup[] {
  const rows = measurementRows(input);
  const groups = new Map<string, string[]>();
  const add = (why: string, what: string): void => {
    const group = groups.get(why);
    if (group) group.push(what);
    else groups.set(why, [what]);
  };
  const whyOf = (row: MeasurementRow): string => row.withheld || UNSTATED;
  const done = new Set<string>();
  for (const row of rows.filter(({ value }) => value === null)) {
    const section = sectionOf(row);
    const all = rows.filter((other) => sectionOf(other) === section);
    const isWhole =
      all.length > 1 && all.every((other) => other.value === null && whyOf(other) === whyOf(row));
    if (!isWhole) add(whyOf(row), row.label);
    else if (!done.has(section)) add(whyOf(row), `${section} (${all.length})`);
    if (isWhole) done.add(section);
  }
  for (const { name, withheld } of input.plan?.devices ?? []) {
    if (withheld) add(words().clause(withheld), `Device size, ${name}`);
  }
  return [...groups].map(([why, what]) => ({ why, what }));
}

/** "Volume, Depth: the scan cuts the appendage." */
export const withheldSentence = ({ what, why }: WithheldGroup): string => `${what.join(', ')}: ${why}.`;
