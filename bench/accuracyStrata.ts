/**
 * Tables from the lines that `npm run bench:accuracy -- --rows FILE` wrote: all scans, and by stratum.
 *
 *   node bench/run.js accuracyStrata ROWS
 */
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import type { AccuracyRow, Stratum } from './accuracy/strata.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new RangeError('Which file of rows?');
// Lines that phantomAccuracy.ts wrote.
const rows = (await readFile(file, 'utf8'))
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as AccuracyRow)
  .sort((a, b) => a.seed - b.seed);

const quantile = (list: readonly number[], share: number): number => {
  const sorted = [...list].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low]! + (place - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!);
};
const numbersOf = (of: readonly AccuracyRow[], name: string): number[] =>
  of.map(({ numbers }) => numbers?.[name] ?? Number.NaN).filter(Number.isFinite);
const shown = (value: number, digits: number): string =>
  Number.isFinite(value) ? value.toFixed(digits) : '–';
const typical = (of: readonly AccuracyRow[], name: string, digits: number, tail: number): string => {
  const list = numbersOf(of, name);
  return list.length === 0
    ? '–'
    : `${shown(quantile(list, 0.5), digits)} (${shown(quantile(list, tail), digits)})`;
};
const share = (of: readonly AccuracyRow[], name: string, value: number): string =>
  `${numbersOf(of, name).filter((one) => one === value).length} of ${of.length}`;

console.log(`${rows.length} scans, ${rows.filter(({ numbers }) => numbers).length} segmented`);
for (const { seed, refused } of rows) if (refused !== undefined) console.log(`  ${seed}: ${refused}`);
console.log(`numbers withheld: ${share(rows, 'unfit', 1)}`);
for (const [name, value] of [
  ['regionInside', 1],
  ['components', 1],
  ['wallLoops', 1],
  ['watertightOutward', 1],
  ['genus', 0],
  ['selfIntersections', 0],
] as const)
  console.log(`${name} ${value}: ${share(rows, name, value)}`);

console.log('\n| | median | 5th percentile | 95th percentile | worst |\n|---|---|---|---|---|');
for (const name of Object.keys(rows.find(({ numbers }) => numbers)?.numbers ?? {})) {
  const list = numbersOf(rows, name);
  if (list.length === 0) continue;
  const worst = name === 'dice' ? Math.min(...list) : Math.max(...list);
  console.log(
    `| ${[name, ...[0.5, 0.05, 0.95].map((at) => shown(quantile(list, at), 3)), shown(worst, 3)].join(' | ')} |`,
  );
}

console.log(
  '\n| stratum | scans | Dice (5th percentile) | wall beyond 5 mm, mm (95th) | ostium centre, mm (95th) | plane, ° (95th) | area, share |',
);
console.log('|---|---|---|---|---|---|---|');
const kinds = Object.keys(rows[0]?.stratum ?? {}) as (keyof Stratum)[];
for (const kind of kinds) {
  const names = [...new Set(rows.map(({ stratum }) => stratum[kind]))].sort();
  for (const name of names) {
    const of = rows.filter(({ stratum }) => stratum[kind] === name);
    console.log(
      `| ${kind}: ${name} | ${of.length} | ${typical(of, 'dice', 3, 0.05)} | ${typical(of, 'wallAverageMm', 2, 0.95)} | ${typical(of, 'ostiumCentreMm', 1, 0.95)} | ${typical(of, 'planeAngleDegrees', 1, 0.95)} | ${typical(of, 'ostiumAreaShare', 2, 0.95)} |`,
    );
  }
}
