import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { SegmentationReport } from '#shared/contract/report.ts';
import { ctFiles, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import * as sessions from './inferenceSession.ts';
import * as networks from './networks.ts';
import { phasesIntoFolder } from './phaseFiles.ts';
import * as results from './resultFiles.ts';

// No networks and no surfaces: what is tested is which phase is segmented when, from where, and what is kept of it.
const openSession = vi.spyOn(sessions, 'openInferenceSession');
const segmentScan = vi.fn<(percent: number, start: unknown) => void>();
const free = vi.fn(async () => {});
const MEASUREMENTS = {
  ostium: null,
  landingZones: [],
  volumeMl: 7,
  depthMm: null,
  depthToFirstBendMm: null,
  surfaceAreaMm2: null,
  withheld: {},
};
let folder = '';
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-phases-'));
  const volume = rampVolume(smallGrid({ sizeIjk: [4, 4, 15], spacingMm: [1, 1, 2] }));
  for (const percent of [5, 40, 75]) {
    const files = ctFiles(volume, (k) => ({
      '0020,000e': `1.2.${percent}`,
      '0008,0018': `1.2.${percent}.${k}`,
      '0020,9241': String(percent),
    }));
    for (const [name, bytes] of files) await writeFile(at(`${percent}-${name}`), bytes);
  }
  const model = { manifest: { sha256: 'a' } };
  // Stand-ins with the fields alone that are read.
  vi.spyOn(networks, 'loadNetworkModels').mockResolvedValue({
    region: model,
    fields: [model],
  } as unknown as networks.NetworkModels);
  openSession.mockImplementation(async () => {
    const session = {
      free,
      async segmentScan({ source, start }: { source: SegmentationReport['source']; start?: unknown }) {
        const percent = source.heartPhase?.percent ?? 0;
        segmentScan(percent, start);
        const segmentation = { frame: { centreLpsMm: [percent, 0, 0] }, confidence: 0.9, appendage: {} };
        return { segmentation, report: { source, ...MEASUREMENTS, warnings: [] } };
      },
    };
    return session as unknown as sessions.InferenceSession;
  });
  vi.spyOn(results, 'resultFiles').mockImplementation(async ({ report }) => ({
    files: new Map([['report.json', JSON.stringify(report)]]),
    report,
  }));
});
beforeEach(() => {
  vi.clearAllMocks();
  segmentScan.mockReset();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const run = (output: string, more: { isAnew?: boolean; signal?: AbortSignal } = {}) =>
  phasesIntoFolder(folder, at(output), {
    engine: 'onnx',
    programVersion: 'test',
    resolution: 32,
    isAnew: false,
    planning: { tables: [], landingZoneMm: null },
    ...more,
  });

it('begins at the best phase with a search, and follows what it found round the cycle', async () => {
  const { results: phases } = await run('followed');
  expect(openSession).toHaveBeenCalledTimes(1);
  expect(free).toHaveBeenCalledTimes(1);
  expect(segmentScan.mock.calls).toEqual([
    [40, undefined],
    [75, { centreLpsMm: [40, 0, 0] }],
    [5, { centreLpsMm: [75, 0, 0] }],
  ]);
  expect(phases.map(({ phase }) => phase.label)).toEqual(['5 %', '40 %', '75 %']);
  const report: unknown = JSON.parse(await readFile(at('followed', 'phase-040', 'report.json'), 'utf8'));
  expect(report).toMatchObject({ source: { heartPhase: { label: '40 %', percent: 40 } } });
});

it('names a phase that is refused, also after a search of its own, and goes on with the others', async () => {
  segmentScan.mockImplementation((percent) => {
    if (percent === 75) throw new UserError(failure('pipeline.no-appendage'));
  });
  const { results: phases } = await run('refused');
  expect(segmentScan.mock.calls.map(([percent, start]) => [percent, start !== undefined])).toEqual([
    [40, false],
    [75, true],
    [75, false],
    [5, true],
  ]);
  expect(phases.map(({ refusal }) => refusal?.code)).toEqual([undefined, undefined, 'pipeline.no-appendage']);
  const rows = (await readFile(at('refused', 'phases.csv'), 'utf8')).split('\r\n');
  expect(rows[2]).toMatch(/^40 %,40,Nominal Percentage of Cardiac Phase,7,/);
  expect(rows[3]).toMatch(/^75 %,75,Nominal Percentage of Cardiac Phase,,/);

  // Another run tries again what was refused, and nothing else.
  segmentScan.mockReset();
  expect((await run('refused')).reused).toBe(2);
  expect(segmentScan.mock.calls.map(([percent]) => percent)).toEqual([75]);
  openSession.mockClear();
  expect((await run('refused')).reused).toBe(3);
  expect(openSession).not.toHaveBeenCalled();
  expect((await run('refused', { isAnew: true })).reused).toBe(0);
});

it('keeps what is finished where it is cancelled', async () => {
  segmentScan.mockImplementation((percent) => {
    if (percent === 75) throw new CancelledError();
  });
  await expect(run('cancelled')).rejects.toThrow(CancelledError);
  expect(free).toHaveBeenCalledTimes(1);
  segmentScan.mockReset();
  expect((await run('cancelled')).reused).toBe(1);
  // It goes on as if it had never stopped: from where the phase before was found.
  expect(segmentScan.mock.calls).toEqual([
    [75, { centreLpsMm: [40, 0, 0] }],
    [5, { centreLpsMm: [75, 0, 0] }],
  ]);
});

it('leaves no curves of an earlier run beside a phase that is new', async () => {
  await run('begun');
  segmentScan.mockImplementation((percent) => {
    if (percent === 75) throw new CancelledError();
  });
  await expect(run('begun', { isAnew: true })).rejects.toThrow(CancelledError);
  await expect(readFile(at('begun', 'phases.json'))).rejects.toThrow('ENOENT');
  segmentScan.mockReset();
  expect((await run('begun')).reused).toBe(3);
  await expect(readFile(at('begun', 'phases.json'), 'utf8')).resolves.toContain('"seriesId": "1.2.40"');
});
