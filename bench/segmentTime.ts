/**
 * Seconds per stage and peak memory of `auricle segment` on a synthetic CT of 512 × 512 × 280 voxels, as a new user runs
 * it: the built command line, a process each time, the median of three. Prints a Markdown table; each stage also as its
 * share of the whole. Usage: npm run build && npm run bench:segment -- [--engine onnx] [--runs 3] [--size 512x512x280]
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type SegmentationReport, segmentationReportSchema } from '../src/shared/contract/report.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'onnx' },
    runs: { type: 'string', default: '3' },
    size: { type: 'string', default: '512x512x280' },
    seed: { type: 'string', default: '7' },
  },
});
const run = promisify(execFile);
const program = join('bin', 'auricle.js');
if (!existsSync(join('dist', 'main', 'cli.js'))) throw new Error('Build first: npm run build.');
const folder = await mkdtemp(join(tmpdir(), 'auricle-bench-'));
const auricle = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [program, ...args], { maxBuffer: 2 ** 26 })).stdout;

const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1]!;
try {
  const phantom = join(folder, 'phantom');
  await auricle(
    'phantom',
    '--seed',
    values.seed,
    '--out',
    phantom,
    '--size',
    values.size,
    '--spacing',
    '0.4,0.5',
  );
  const reports: SegmentationReport[] = [];
  const walls: number[] = [];
  for (let index = 0; index < Number(values.runs); index++) {
    const began = performance.now();
    const text = await auricle(
      ...[
        'segment',
        join(phantom, 'dicom'),
        '-o',
        join(folder, 'result'),
        '--engine',
        values.engine,
        '--json',
      ],
    );
    walls.push((performance.now() - began) / 1000);
    reports.push(segmentationReportSchema.parse(JSON.parse(text)));
  }
  const stages = Object.keys(reports[0]!.secondsPerStage);
  const seconds = (stage: string): number =>
    median(reports.map((report) => report.secondsPerStage[stage] ?? 0));
  const whole = median(walls);
  const peakMib = Math.max(...reports.map(({ peakMemoryMib }) => peakMemoryMib));
  console.log(
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}, ${values.size}`,
  );
  console.log(`engine ${reports[0]!.engine.id} (${reports[0]!.engine.device}), median of ${values.runs}\n`);
  console.log('| stage | seconds | share |\n|---|---|---|');
  for (const stage of stages) {
    console.log(
      `| ${stage} | ${seconds(stage).toFixed(2)} | ${((100 * seconds(stage)) / whole).toFixed(0)} % |`,
    );
  }
  console.log(`| whole process, start to exit | ${whole.toFixed(1)} | 100 % |`);
  console.log(`\nPeak memory: ${peakMib} MiB`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
