/**
 * How processor seconds and memory grow with the resolution of the surface, with points, with the size of a study and
 * with the number of scans. Each point runs in a process of its own whose time and memory are bounded: a point that
 * needs more is named with the reason, and the larger ones of its curve are not tried. Prints Markdown tables with the
 * slope of each curve (the power that the seconds grow by); writes them into bench/results/growth.json,
 * beside the curves of earlier runs, and all as docs/images/growth.svg.
 *
 *   node bench/run.js growth [--curves surface,extraction,points,study,cases] [--most-memory 6000] [--seconds 600] [--runs 1] [--dry]
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/shared/errors.ts';
import { type Bounded, endAbove, runBounded } from './growth/boundedProcess.ts';
import { chartSvg } from './growth/chart.ts';
import { CURVES, type Curve, type PointCost, studyFiles } from './growth/points.ts';

const { values } = parseArgs({
  options: {
    curves: { type: 'string', default: Object.keys(CURVES).join(',') },
    'most-memory': { type: 'string', default: '6000' },
    seconds: { type: 'string', default: '600' },
    runs: { type: 'string', default: '1' },
    dry: { type: 'boolean', default: false },
    /** Of a process that measures one point: what, how much, and where the study lies. */
    point: { type: 'string' },
    size: { type: 'string', default: '0' },
    folder: { type: 'string', default: '' },
    memory: { type: 'string', default: '6000' },
  },
});

interface Point {
  readonly size: number;
  readonly cells?: number;
  readonly seconds?: number;
  readonly mib?: number;
  /** Why there are no numbers. */
  readonly why?: string;
}

/** A process that measures one point, and says so in its last line. */
async function measurePoint(name: string): Promise<void> {
  endAbove(Number(values.memory));
  const work = name === 'files' ? studyFiles : CURVES[name]!.work;
  const cost = await work(Number(values.size), values.folder);
  const mib = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`\n${JSON.stringify({ ...cost, mib })}`);
}

async function measureCurve(name: string, curve: Curve): Promise<Point[]> {
  // A part of what is free is left to the system and to other programs.
  const memoryMib = Math.min(Number(values['most-memory']), Math.round((0.8 * freemem()) / 2 ** 20));
  const bounds = { memoryMib, seconds: Number(values.seconds) };
  const points: Point[] = [];
  for (const size of curve.sizes) {
    const before = points.at(-1);
    if (before?.why !== undefined) {
      points.push({ size, why: `not tried, as ${before.size} came to no end` });
      continue;
    }
    const folder = mkdtempSync(join(tmpdir(), 'auricle-growth-'));
    try {
      const point = ['--size', String(size), '--folder', folder];
      const files = curve.needsStudy ? await runBounded(['--point', 'files', ...point], bounds) : undefined;
      const runs: Bounded[] = [];
      if (!files || 'lines' in files)
        for (let run = 0; run < Number(values.runs); run++)
          runs.push(await runBounded(['--point', name, ...point], bounds));
      points.push(pointOf(size, files && 'why' in files ? [files] : runs));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    console.error(`${name} ${JSON.stringify(points.at(-1))}`);
  }
  return points;
}

/** The median run; the reason where one came to no end. */
function pointOf(size: number, runs: readonly Bounded[]): Point {
  const costs: (PointCost & { mib: number })[] = [];
  for (const run of runs) {
    if ('why' in run) return { size, why: run.why };
    costs.push(JSON.parse(run.lines.at(-1)!));
  }
  costs.sort((a, b) => a.seconds - b.seconds);
  return { size, ...costs[costs.length >> 1]! };
}

/** The power of the amount that the seconds grow with: the slope of the line through both logarithms. */
function slopeOf(points: readonly { readonly amount: number; readonly seconds: number }[]): number {
  const logs = points.map(({ amount, seconds }) => [Math.log(amount), Math.log(seconds)] as const);
  const mean = (at: 0 | 1): number => logs.reduce((sum, log) => sum + log[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [xy, xx] = [0, 0];
  for (const [x, y] of logs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
  }
  return xy / xx;
}

function printCurve({ name, of, amount }: Curve, points: readonly Point[]): void {
  console.log(`\n${name}\n\n| ${of} | faces | processor s | peak MiB |\n|---|---|---|---|`);
  for (const { size, cells, seconds, mib, why } of points) {
    const told = why === undefined ? `${seconds!.toPrecision(3)} | ${mib}` : `not run: ${why} | `;
    console.log(`| ${size.toLocaleString('en')} | ${cells?.toLocaleString('en') ?? ''} | ${told} |`);
  }
  const measured = points.flatMap(({ size, cells, seconds }) =>
    seconds === undefined ? [] : [{ amount: cells ?? amount?.(size) ?? size, seconds }],
  );
  if (measured.length < 2) return;
  const against = points[0]?.cells === undefined ? (amount ? 'voxels' : of) : 'faces';
  console.log(
    `\nSeconds against ${against}: slope ${slopeOf(measured).toFixed(2)}, between the last two ${slopeOf(measured.slice(-2)).toFixed(2)}.`,
  );
}

interface Results {
  machine: string;
  curves: Record<string, Point[]>;
}

const RESULTS = join('bench', 'results', 'growth.json');

/** The curves of the earlier runs with those of this one, which take their place. */
function withEarlier(machine: string, measured: Record<string, Point[]>): Results {
  const earlier: Partial<Results> = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
  const all = { ...earlier.curves, ...measured };
  const inOrder = Object.keys(CURVES).filter((name) => all[name]);
  return { machine, curves: Object.fromEntries(inOrder.map((name) => [name, all[name]!])) };
}

function writeResults(results: Results): void {
  mkdirSync(dirname(RESULTS), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  const drawn = Object.entries(results.curves).map(([name, points]) => ({
    title: CURVES[name]!.name,
    of: CURVES[name]!.of,
    points: points.flatMap(({ size, seconds, mib }) =>
      seconds === undefined || mib === undefined ? [] : [{ x: size, seconds, mib }],
    ),
  }));
  const curves = drawn.filter(({ points }) => points.length > 1);
  writeFileSync(join('docs', 'images', 'growth.svg'), chartSvg(curves));
}

async function measureAll(): Promise<void> {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}`;
  console.log(machine);
  for (const name of values.curves.split(',')) {
    const curve = CURVES[name];
    if (!curve) throw new Error(`There is no curve ${name}.`);
    const points = await measureCurve(name, curve);
    printCurve(curve, points);
    if (!values.dry) writeResults(withEarlier(machine, { [name]: points }));
  }
}

try {
  await (values.point === undefined ? measureAll() : measurePoint(values.point));
} catch (thrown) {
  console.error(`Error: ${messageOf(thrown)}`);
  process.exitCode = 1;
}
