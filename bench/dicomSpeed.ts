/**
 * How long DICOM takes to read, beside dcm2niix and GDCM in the same run: medians of runs that take turns, so that what
 * else the machine does falls on all of them. Prints a Markdown table, and a line for each aim: held or not. Peers that are not installed are left out.
 *
 *   npm run build && npm run bench:dicom -- [--slices 300] [--compressed 300] [--files 10000] [--runs 5] [--browser]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeStudy } from './app/writeStudy.ts';
import { browserTimes } from './dicom/browserTimes.ts';
import { type Times, timesOfLoad } from './dicom/timesOfLoad.ts';
import { AIMS, type Aim, median, verdict } from './dicom/verdict.ts';
import { writeTree } from './dicom/writeTree.ts';

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '300' },
    compressed: { type: 'string', default: '300' },
    files: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
    browser: { type: 'boolean', default: false },
    child: { type: 'string' },
    threads: { type: 'string' },
  },
});

if (values.child !== undefined) {
  console.log(JSON.stringify(await timesOfLoad(values.child, values.threads === '1')));
  process.exit(0);
}

const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'auricle-bench-'));
const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const PYTHON = '/usr/bin/python3';

/** Runs a program and takes its wall and processor time, ms. */
function timed(program: string, args: readonly string[]): Times {
  const began = performance.now();
  const { stderr, status } = spawnSync(
    '/usr/bin/env',
    ['bash', '-c', `TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1`, '-', program, ...args],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${program} failed.`);
  const [user = 0, system = 0] = stderr.trim().split(/\s+/).slice(-2).map(Number);
  return { wallMs: performance.now() - began, cpuMs: 1000 * (user + system) };
}

const ours = (study: string, threads?: '1'): Times =>
  JSON.parse(
    execFileSync(process.execPath, [
      process.argv[1]!,
      '--child',
      study,
      ...(threads === undefined ? [] : ['--threads', threads]),
    ]).toString(),
  );
/** Reads the header and the pixels of each file. */
const GDCM = `
import gdcm, os, sys
gdcm.Trace.SetWarning(False)
for name in sorted(os.listdir(sys.argv[1])):
    reader = gdcm.ImageReader(); reader.SetFileName(os.path.join(sys.argv[1], name))
    assert reader.Read(); reader.GetImage().GetBuffer()
`;
const gdcm = (study: string): Times => timed(PYTHON, ['-c', GDCM, study]);
const dcm2niix = (study: string): Times => {
  const out = mkdtempSync(join(folder, 'nii-'));
  try {
    return timed('dcm2niix', ['-z', 'n', '-b', 'n', '-o', out, study]);
  } finally {
    rmSync(out, { recursive: true });
  }
};

const print = (row: string): void => console.log(row);

const verdicts: string[] = [];

/** Lets each of them run in turn, and writes a row of each, its times beside those of the last one. */
function compare(what: string, ways: readonly (readonly [string, () => Times])[], aim?: Aim): void {
  for (const [, run] of ways) run();
  const times = ways.map((): Times[] => []);
  for (let turn = 0; turn < runs; turn++) {
    for (const [index, [, run]] of ways.entries()) times[index]!.push(run());
  }
  const last = times.at(-1)!;
  const wallOf = (list: readonly Times[]): number[] => list.map(({ wallMs }) => wallMs);
  // The first way is the one that the program takes.
  if (aim) verdicts.push(verdict(`${what}, Node`, wallOf(times[0]!), wallOf(last), aim));
  ways.forEach(([name], index) => {
    const own = times[index]!;
    const ratio = (of: (one: Times) => number): string =>
      median(own.map((one, turn) => of(one) / of(last[turn]!))).toFixed(2);
    const [wall, cpu] = [median(own.map((one) => one.wallMs)), median(own.map((one) => one.cpuMs))];
    const ratios =
      ways.length === 1 || own === last
        ? ' | '
        : `${ratio((one) => one.wallMs)} | ${ratio((one) => one.cpuMs)}`;
    print(`| ${what} | ${name} | ${wall.toFixed(0)} | ${cpu.toFixed(0)} | ${ratios} |`);
  });
}

try {
  console.log(
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}, median of ${runs}\n`,
  );
  console.log('| what | by | wall, ms | processor, ms | wall, × peer | processor, × peer |');
  console.log('| --- | --- | --: | --: | --: | --: |');
  const native = join(folder, 'native');
  writeStudy(native, [512, 512, Number(values.slices)]);
  const few = join(folder, 'few');
  writeStudy(few, [512, 512, Number(values.compressed)]);
  const ownWays = (study: string) =>
    [
      ['Auricle, threads', () => ours(study)],
      ['Auricle, one core', () => ours(study, '1')],
    ] as const;
  const hasDcm2niix = has('dcm2niix', '--version') || has('dcm2niix', '-h');
  if (hasDcm2niix) {
    compare(
      `native, ${values.slices} slices`,
      [
        ['Auricle', () => ours(native)],
        ['dcm2niix', () => dcm2niix(native)],
      ],
      AIMS.native,
    );
  } else console.log('Not compared with dcm2niix: it is not installed.');
  const hasGdcm = has('gdcmconv', '--version') && has(PYTHON, '-c', 'import gdcm');
  if (hasGdcm) {
    for (const [name, option] of [
      ['JPEG 2000', '--j2k'],
      ['JPEG-LS', '--jpegls'],
    ] as const) {
      const compressed = join(folder, option.slice(2));
      mkdirSync(compressed);
      for (const file of readdirSync(few)) {
        spawnSync('gdcmconv', [option, join(few, file), join(compressed, file)]);
      }
      compare(
        `${name}, ${values.compressed} slices`,
        [...ownWays(compressed), ['GDCM', () => gdcm(compressed)]],
        AIMS.compressed,
      );
    }
  } else console.log('Not compared with GDCM: gdcmconv or its Python module is not installed.');
  const tree = join(folder, 'tree');
  writeTree(tree, Number(values.files));
  compare(`list of series, ${values.files} files`, [
    ['Auricle', () => timed(process.execPath, [join('bin', 'auricle.js'), 'dicom', 'list', tree])],
  ]);
  if (values.browser) {
    const compressed = [
      ['JPEG 2000', join(folder, 'j2k')],
      ['JPEG-LS', join(folder, 'jpegls')],
    ] as const;
    const series = [
      ...(hasDcm2niix
        ? [[`native, ${values.slices} slices`, native, () => dcm2niix(native), AIMS.native] as const]
        : []),
      ...(hasGdcm ? compressed : []).map(
        ([name, study]) =>
          [`${name}, ${values.compressed} slices`, study, () => gdcm(study), AIMS.compressed] as const,
      ),
    ];
    const onVerdict = (line: string): void => void verdicts.push(line);
    await browserTimes({ folder, series, tree, runs, print, onVerdict });
  }
  console.log(`\n${verdicts.join('\n')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
