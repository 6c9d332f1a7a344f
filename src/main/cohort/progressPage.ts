import { join } from 'node:path';
import { writeWhole } from '../files/writeWhole.ts';
import { escapeXml as h } from '../interchange/xmlText.ts';
import type { FinishedCase } from './cohortFolder.ts';
import type { CohortStatus } from './cohortStatus.ts';

const STYLE = `
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; color: #1c2530; background: #fff;
  max-width: 900px; margin: 0 auto; padding: 28px; overflow-wrap: anywhere; }
h1 { font-size: 22px; font-weight: 600; margin: 0 0 4px; }
h2 { font-size: 12px; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; color: #51606f; margin: 28px 0 8px; }
.quiet { color: #51606f; }
.bar { display: flex; height: 18px; margin: 18px 0 10px; border-radius: 5px; overflow: hidden; background: #e2e7ec; }
.finished { background: #2f7d4f; } .aside { background: #b4412e; } .active { background: #d9a441; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; margin: 0; }
dl div { padding: 10px 14px; background: #f2f5f8; border-radius: 6px; }
dt { font-size: 12px; color: #51606f; } dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: baseline; padding: 5px 14px 5px 0; border-bottom: 1px solid #e2e7ec; font-weight: 400; }
thead th { font-size: 12px; color: #51606f; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) { body { color: #dbe2ea; background: #12181f; } dl div { background: #1c242d; }
  .bar { background: #2a343f; } th, td { border-color: #2a343f; } h2, dt, .quiet, thead th { color: #93a1b0; } }`;

/** The state of a cohort as one HTML file without scripts, which loads itself again until all cases have ended. */
export function progressHtml(status: CohortStatus, at: Date): string {
  const { task, total, finished, setAside, active, waiting, rate } = status;
  const isOver = finished.length + setAside.length === total;
  const share = (count: number): string => ((100 * count) / Math.max(1, total)).toFixed(2);
  const part = (name: string, count: number): string =>
    `<div class="${name}" style="width:${share(count)}%"></div>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${isOver ? '' : '<meta http-equiv="refresh" content="5">'}
<title>${finished.length + setAside.length} of ${total} · Auricle cohort</title><style>${STYLE}</style></head><body>
<h1>Cohort: ${h(task)}</h1>
<p class="quiet">${isOver ? 'All cases have ended.' : 'At work.'} ${h(at.toISOString().replace('T', ' ').slice(0, 19))} UTC</p>
<div class="bar">${part('finished', finished.length)}${part('aside', setAside.length)}${part('active', active.length)}</div>
<dl>${tiles([
    ['Finished', `${finished.length} of ${total}`],
    ['Set aside', String(setAside.length)],
    ['At work', String(active.length)],
    ['Waiting', String(waiting)],
    ['Cases an hour', shown(rate.casesPerHour, 0)],
    ['Seconds a case', shown(rate.secondsPerCase, 1)],
    ['Time left', isOver ? '—' : durationOf(rate.hoursLeft)],
  ])}</dl>
${table(
  'Set aside',
  ['Case', 'Reason', 'Worker'],
  setAside.map((one) => [one.case, one.reason, one.worker]),
)}
${table(
  'At work',
  ['Case', 'Worker', 'Since'],
  active.map((one) => [one.id, one.worker, clockTime(one.startedAt)]),
)}
${table('Workers', ['Worker', 'Finished', 'Seconds a case'], workers(status), 1)}
</body></html>
`;
}

/** The page of the state, in the cohort's folder: it loads itself again every five seconds. */
export const writeProgressPage = (folder: string, status: CohortStatus): Promise<void> =>
  writeWhole(join(folder, 'progress.html'), progressHtml(status, new Date()));

const tiles = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([label, value]) => `<div><dt>${h(label)}</dt><dd>${h(value)}</dd></div>`).join('');

/** Nothing where there are no rows. From `numbersFrom` on cells are numbers. */
function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom = head.length,
): string {
  if (rows.length === 0) return '';
  const cells = (name: 'th' | 'td', row: readonly string[]): string =>
    row
      .map((cell, at) => `<${name}${at >= numbersFrom ? ' class="number"' : ''}>${h(cell)}</${name}>`)
      .join('');
  return `<h2>${h(title)}</h2><table><thead><tr>${cells('th', head)}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells('td', row)}</tr>`)
    .join('')}</tbody></table>`;
}

function workers({ finished }: CohortStatus): string[][] {
  const byWorker = new Map<string, FinishedCase[]>();
  for (const one of finished) byWorker.set(one.worker, [...(byWorker.get(one.worker) ?? []), one]);
  return [...byWorker]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([worker, cases]) => [
      worker,
      String(cases.length),
      shown(cases.reduce((sum, { seconds }) => sum + seconds, 0) / cases.length, 1),
    ]);
}

const shown = (value: number | null, digits: number): string =>
  value === null ? '—' : value.toFixed(digits);

const clockTime = (iso: string): string => iso.slice(11, 19);

/** `3 h 20 min`; `—` where it is not known. */
export function durationOf(hours: number | null): string {
  if (hours === null) return '—';
  const minutes = Math.round(hours * 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
