import { encode } from 'fast-png';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { words } from '#shared/words/words.ts';
import { renderMesh } from '../preview/renderMesh.ts';
import { METRIC_COLUMNS, type MetricColumn } from './caseMetrics.ts';
import type { EvaluatedCase, FolderEvaluation, MetricSummary } from './evaluateFolders.ts';

export const EVALUATION_FILE_NAMES = ['evaluation.csv', 'evaluation.json', 'evaluation.html'] as const;

/** The comparison as files by name: a table, numbers for programs, one page for people that needs no other file. */
export const evaluationFiles = (evaluation: FolderEvaluation): ReadonlyMap<string, string> =>
  new Map([
    ['evaluation.csv', csv(evaluation)],
    ['evaluation.json', `${JSON.stringify(evaluationJson(evaluation), null, 2)}\n`],
    ['evaluation.html', page(evaluation)],
  ]);

const valuesOf = ({ metrics }: EvaluatedCase): Record<string, number | null> =>
  Object.fromEntries(METRIC_COLUMNS.map(({ key, of }) => [key, of(metrics) ?? null]));

export const evaluationJson = ({ cases, summary, notCompared }: FolderEvaluation) => ({
  format: 'auricle-evaluation',
  formatVersion: 1,
  cases: cases.map((one) => ({ name: one.name, ...valuesOf(one) })),
  summary,
  notCompared: notCompared.map(({ name, reason }) => ({ name, reason: words('en').sentence(reason) })),
});

/** Text of a table; a spreadsheet must not take a name for a formula. */
const csvText = (text: string): string => {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

function csv({ cases, notCompared }: FolderEvaluation): string {
  const lines = [['case', ...METRIC_COLUMNS.map(({ key }) => key), 'not_compared_because']];
  for (const one of cases) {
    lines.push([csvText(one.name), ...METRIC_COLUMNS.map(({ of }) => String(of(one.metrics) ?? '')), '']);
  }
  for (const { name, reason } of notCompared) {
    lines.push([csvText(name), ...METRIC_COLUMNS.map(() => ''), csvText(words('en').sentence(reason))]);
  }
  return `${lines.map((fields) => fields.join(',')).join('\r\n')}\r\n`;
}

const h = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `body { font: 14px/1.45 system-ui, sans-serif; color: #1d2733; max-width: 1100px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 28px; }
table { border-collapse: collapse; font-size: 13px; } th, td { padding: 3px 8px; text-align: right; border-bottom: 1px solid #dde3ea; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } .wide { overflow-x: auto; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)); gap: 10px 20px; }
figure { margin: 0 0 16px; } figcaption { color: #5a6776; } img { max-width: 100%; border: 1px solid #dde3ea; border-radius: 6px; }
.notice { color: #7a1f12; font-weight: 600; }`;

function page(evaluation: FolderEvaluation): string {
  const { cases, summary, notCompared, worst } = evaluation;
  const count = (number: number): string => `${number} ${number === 1 ? 'case' : 'cases'}`;
  const left =
    notCompared.length === 0
      ? ''
      : `<h2>Not compared</h2><ul>${notCompared
          .map(({ name, reason }) => `<li><b>${h(name)}</b>: ${h(words('en').sentence(reason))}</li>`)
          .join('')}</ul>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Evaluation of ${count(cases.length)}</title><style>${STYLE}</style></head><body>
<h1>Evaluation of ${count(cases.length)}</h1>
<p class="notice">Research use only, not for clinical decisions.</p>
<p>The first four numbers are those of Sørensen et al. (ISBI 2022), over vertices and from the prediction to the truth; the others count by area and both ways.</p>
${left}
<h2>Summary</h2><div class="wide">${summaryTable(summary)}</div>
<h2>Spread</h2><div class="plots">${summary.map((one) => boxPlot(one, cases)).join('\n')}</div>
<h2>Worst cases</h2>
${worst.map(picture).join('\n')}
<h2>All cases</h2><div class="wide">${caseTable(cases)}</div>
</body></html>
`;
}

const columnOf = (key: string): MetricColumn => METRIC_COLUMNS.find((column) => column.key === key)!;
const titleOf = ({ label, unit }: MetricColumn): string => (unit === '' ? label : `${label}, ${unit}`);

function summaryTable(summary: readonly MetricSummary[]): string {
  const rows = summary.map((one) => {
    const column = columnOf(one.key);
    const cells = [one.mean, one.minimum, one.lowerQuartile, one.median, one.upperQuartile, one.maximum].map(
      (value) => `<td>${fixedDecimals(value, column.digits)}</td>`,
    );
    return `<tr><td>${h(titleOf(column))}</td>${cells.join('')}<td>${one.count}</td></tr>`;
  });
  return `<table><thead><tr><th>Measure</th><th>mean</th><th>least</th><th>25 %</th><th>median</th><th>75 %</th><th>most</th><th>cases</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function caseTable(cases: readonly EvaluatedCase[]): string {
  const shown = METRIC_COLUMNS.filter(({ of }) => cases.some(({ metrics }) => of(metrics) !== undefined));
  const head = shown.map((column) => `<th>${h(titleOf(column))}</th>`).join('');
  const rows = cases.map(({ name, metrics }) => {
    const cells = shown.map(({ of, digits }) => {
      const value = of(metrics);
      return `<td>${value === undefined ? '—' : fixedDecimals(value, digits)}</td>`;
    });
    return `<tr><td>${h(name)}</td>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr><th>Case</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Width of a box plot and of its margins, px. */
const [PLOT_WIDTH, MARGIN] = [330, 12];

/** A box from quartile to quartile, the median in it, whiskers to the extremes, a dot for each case. */
function boxPlot(one: MetricSummary, cases: readonly EvaluatedCase[]): string {
  const column = columnOf(one.key);
  const span = one.maximum - one.minimum;
  const [from, to] = span > 0 ? [one.minimum, one.maximum] : [one.minimum - 1, one.maximum + 1];
  const x = (value: number): string =>
    (MARGIN + ((value - from) / (to - from)) * (PLOT_WIDTH - 2 * MARGIN)).toFixed(1);
  const dots = cases.flatMap(({ name, metrics }, index) => {
    const value = column.of(metrics);
    if (value === undefined) return [];
    const y = 52 + ((index * 7) % 13) - 6;
    return `<circle cx="${x(value)}" cy="${y}" r="2.4" fill="#1b6fb5" fill-opacity=".6"><title>${h(name)}: ${fixedDecimals(value, column.digits)} ${column.unit}</title></circle>`;
  });
  const [low, high] = [x(one.lowerQuartile), x(one.upperQuartile)];
  const width = Math.max(1, Number(high) - Number(low)).toFixed(1);
  const text = (value: number, anchor: string): string =>
    `<text x="${x(value)}" y="80" text-anchor="${anchor}" font-size="11" fill="#5a6776">${fixedDecimals(value, column.digits)}</text>`;
  return `<svg viewBox="0 0 ${PLOT_WIDTH} 86" width="${PLOT_WIDTH}" height="86" role="img" aria-label="${h(titleOf(column))}: median ${fixedDecimals(one.median, column.digits)}" font-family="system-ui, sans-serif">
<text x="${MARGIN}" y="13" font-size="12" fill="#1d2733">${h(titleOf(column))}</text>
<text x="${PLOT_WIDTH - MARGIN}" y="13" font-size="12" fill="#1d2733" text-anchor="end">median ${fixedDecimals(one.median, column.digits)}</text>
<line x1="${x(one.minimum)}" x2="${x(one.maximum)}" y1="30" y2="30" stroke="#5a6776"/>
<rect x="${low}" y="21" width="${width}" height="18" fill="#cfe3f5" stroke="#1b6fb5"/>
<line x1="${x(one.median)}" x2="${x(one.median)}" y1="21" y2="39" stroke="#0d3b66" stroke-width="2"/>
${dots.join('')}${span > 0 ? text(one.minimum, 'start') + text(one.maximum, 'end') : ''}
</svg>`;
}

const TRUTH_COLOUR = [120, 170, 120] as const;
const PREDICTED_COLOUR = [200, 130, 60] as const;
const VIEWS: readonly Vec3[] = [
  [-0.6, 0.8, -0.2],
  [0.8, 0.5, -0.3],
];
const PICTURE_PX = 300;

/** A worst case in two views, truth above prediction, drawn at one scale and place. */
function picture({ name, metrics, predicted, truth }: FolderEvaluation['worst'][number]): string {
  const { low, high } = boundingBoxLpsMm(joined(predicted.wall, truth.wall));
  const centreLpsMm: Vec3 = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
  const millimetresAcross = 1.05 * Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  const width = PICTURE_PX * VIEWS.length;
  const data = new Uint8Array(3 * width * 2 * PICTURE_PX);
  [truth.wall, predicted.wall].forEach((mesh, row) => {
    VIEWS.forEach((viewDirection, view) => {
      const image = renderMesh([{ mesh, colour: row === 0 ? TRUTH_COLOUR : PREDICTED_COLOUR }], [], {
        widthPx: PICTURE_PX,
        heightPx: PICTURE_PX,
        supersampling: 2,
        viewDirection,
        centreLpsMm,
        millimetresAcross,
      });
      for (let y = 0; y < PICTURE_PX; y++) {
        const line = image.rgb.subarray(3 * PICTURE_PX * y, 3 * PICTURE_PX * (y + 1));
        data.set(line, 3 * (width * (row * PICTURE_PX + y) + view * PICTURE_PX));
      }
    });
  });
  const png = encode({ width, height: 2 * PICTURE_PX, data, channels: 3, depth: 8 });
  const { averageSymmetricDistanceMm, hausdorff95Mm } = metrics.surface;
  return `<figure><img width="${width}" height="${2 * PICTURE_PX}" alt="${h(name)}: truth above, prediction below" src="data:image/png;base64,${Buffer.from(png).toString('base64')}">
<figcaption><b>${h(name)}</b>: average distance ${fixedDecimals(averageSymmetricDistanceMm, 2)} mm, Hausdorff 95 % ${fixedDecimals(hausdorff95Mm, 2)} mm. Truth above (green), prediction below (orange), two views.</figcaption></figure>`;
}

const joined = (a: TriangleMesh, b: TriangleMesh): TriangleMesh => ({
  positionsLpsMm: Float32Array.from([...a.positionsLpsMm, ...b.positionsLpsMm]),
  triangles: a.triangles,
});
