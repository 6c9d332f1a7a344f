import type { EpochReport } from './epochReport.ts';

const WIDTH = 760;
const HEIGHT = 300;
const MARGIN = { left: 72, right: 16, top: 16, bottom: 40 };

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const short = (value: number): string =>
  value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));

/** 1, 2 and 5 times powers of ten. */
function logTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of [1, 2, 5]) {
      const tick = factor * 10 ** power;
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** Curves over epochs, the vertical axis logarithmic, as an SVG element. */
export function curvesSvg(curves: readonly Curve[], title: string): string {
  const all = curves.flatMap(({ points }) => points).filter(([, y]) => y > 0 && Number.isFinite(y));
  if (all.length === 0) return '<p>No epoch has ended yet.</p>';
  const lastX = Math.max(...all.map(([x]) => x), 2);
  const [low, high] = [Math.min(...all.map(([, y]) => y)) / 1.1, Math.max(...all.map(([, y]) => y)) * 1.1];
  const x = (epoch: number): number =>
    MARGIN.left + ((epoch - 1) / (lastX - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number): number =>
    MARGIN.top + (1 - Math.log(value / low) / Math.log(high / low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const vertical = logTicks(low, high)
    .map(
      (tick) =>
        `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${MARGIN.left - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${short(tick)}</text>`,
    )
    .join('');
  const stride = Math.max(1, Math.ceil(lastX / 10));
  const horizontal = Array.from({ length: Math.floor((lastX - 1) / stride) + 1 }, (_, n) => 1 + n * stride)
    .map(
      (epoch) =>
        `<text x="${x(epoch).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${epoch}</text>`,
    )
    .join('');
  const lines = curves
    .map(({ colour, points }) => {
      const path = points
        .filter(([, value]) => value > 0 && Number.isFinite(value))
        .map(([epoch, value]) => `${x(epoch).toFixed(1)},${y(value).toFixed(1)}`);
      const dots = path.length < 40 ? path.map((at) => circle(at, colour)).join('') : '';
      return `<polyline fill="none" stroke="${colour}" stroke-width="1.6" points="${path.join(' ')}"/>${dots}`;
    })
    .join('');
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${vertical}${horizontal}<text x="${WIDTH / 2}" y="${HEIGHT - 6}" text-anchor="middle">epoch</text>${lines}</svg>`;
}

const circle = (at: string, colour: string): string => {
  const [cx, cy] = at.split(',');
  return `<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colour}"/>`;
};

const TRAIN = '#0b6cb8';
const VALIDATION = '#c2410c';

/** A page with the curves and figures of a training, complete in itself. */
export function curvesPage(
  name: string,
  history: readonly EpochReport[],
  settings: Readonly<Record<string, unknown>>,
): string {
  const curve = (colour: string, label: string, of: (report: EpochReport) => number | null): Curve => ({
    name: label,
    colour,
    points: history.flatMap((report) => {
      const value = of(report);
      return value === null ? [] : [[report.epoch, value] as const];
    }),
  });
  const losses = [
    curve(TRAIN, 'training', ({ trainLoss }) => trainLoss),
    curve(VALIDATION, 'validation', ({ validationLoss }) => validationLoss),
  ].filter(({ points }) => points.length > 0);
  const speed = [curve(TRAIN, 'examples per second', ({ examplesPerSecond }) => examplesPerSecond)];
  const legend = losses
    .map(({ name: label, colour }) => `<span><i style="background:${colour}"></i>${label}</span>`)
    .join(' ');
  const rows = history
    .map(
      (report) =>
        `<tr><td>${report.epoch}</td><td>${short(report.trainLoss)}</td><td>${report.validationLoss === null ? '–' : short(report.validationLoss)}</td><td>${short(report.learningRate)}</td><td>${short(report.examplesPerSecond)}</td><td>${report.seconds.toFixed(1)}</td></tr>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Training of ${escaped(name)}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;color:#1c2733;max-width:800px;margin:32px auto;padding:0 16px}
svg{width:100%;height:auto}svg text{font-size:12px;fill:#4a5a6a}.grid{stroke:#dde4ea}
span{margin-right:16px}i{display:inline-block;width:14px;height:3px;margin-right:6px;vertical-align:middle}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:2px 14px 2px 0;text-align:right}
details{margin-top:24px}pre{background:#f4f6f8;padding:12px;overflow:auto}
</style></head><body>
<h1>Training of ${escaped(name)}</h1>
<h2>Loss of an example</h2><p>${legend}</p>${curvesSvg(losses, 'Loss over epochs')}
<h2>Examples per second</h2>${curvesSvg(speed, 'Examples per second over epochs')}
<details><summary>All epochs</summary><table><tr><th>epoch</th><th>training</th><th>validation</th><th>learning rate</th><th>examples/s</th><th>seconds</th></tr>${rows}</table></details>
<details><summary>Settings</summary><pre>${escaped(JSON.stringify(settings, null, 2))}</pre></details>
<p>Research use only: not for clinical decisions.</p>
</body></html>
`;
}
