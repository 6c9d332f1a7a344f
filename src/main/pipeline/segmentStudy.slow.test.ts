import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SegmentationReport } from '#shared/contract/report.ts';
import type { EngineChoice } from '#shared/contract/services/app.ts';
import { CancelledError } from '#shared/errors.ts';
import { awaitsSurroundings } from '#shared/planning/awaitedSurroundings.ts';
import type { JobOptions } from '#shared/progress.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import * as surroundingsEngine from '../nudf/engine/onnxSurroundingsEngine.ts';
import * as engines from '../nudf/engine/selectEngine.ts';
import { createInferenceSession } from './inferenceSession.ts';
import { segmentStudy } from './segmentStudy.ts';
import { fakeEngine } from './testing/fakeEngine.ts';
import { filledScan, filledScanCentreLpsMm, filledStudyFolder } from './testing/filledStudy.ts';

const selectEngine = vi.spyOn(engines, 'selectEngine');

const centreLpsMm = filledScanCentreLpsMm;
const source: SegmentationReport['source'] = {
  seriesInstanceUid: '1.2',
  frameOfReferenceUid: '1.3',
  seriesDescription: '',
  sizeIjk: [40, 40, 40],
  spacingMm: [2.2, 2.2, 2.2],
  slices: 40,
  skippedFiles: 0,
  otherSeries: [],
};

let folder = '';
let held: Set<string>;
beforeAll(async () => {
  folder = await filledStudyFolder();
});
afterAll(async () => {
  selectEngine.mockRestore();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  held = new Set();
  selectEngine.mockImplementation(async () => fakeEngine({ held }));
});

const noField = async (): Promise<never> => {
  throw new Error('no memory for the weights');
};

/** What each face of the program ends with: the report's engine, or the failure. */
const faces = [
  [
    'the command line',
    async (engine: EngineChoice, job: JobOptions = {}) =>
      (await segmentStudy(folder, { ...job, programVersion: 'test', engine, centreLpsMm, resolution: 64 }))
        .report,
  ],
  [
    'the application',
    async (engine: EngineChoice, job: JobOptions = {}) => {
      const session = await createInferenceSession({ programVersion: 'test', engine });
      try {
        const region = { centreLpsMm, edgeMm: 70, confidence: null };
        const crop = { crop: filledScan, region, source, seriesWarnings: [], resolution: 64 };
        return (await session.segment(crop, job)).report;
      } finally {
        await session.free();
      }
    },
  ],
] as const;

describe.each(faces)('%s', (_, segment) => {
  it('frees all that it opened, once the work is done', async () => {
    expect((await segment('onnx')).engine).toEqual({ id: 'onnx', device: 'test', remarks: [] });
    expect([...held]).toEqual([]);
  });

  it('frees device and region engine where the field engine does not open', async () => {
    selectEngine.mockImplementation(async () => fakeEngine({ held, openField: noField }));
    await expect(segment('webgpu')).rejects.toThrow('no memory for the weights');
    expect([...held]).toEqual([]);
  });

  it('goes on with ONNX Runtime where the engine that "auto" chose does not start, and says why', async () => {
    selectEngine.mockImplementation(async (choice) =>
      choice === 'auto' ? fakeEngine({ id: 'webgpu', held, openField: noField }) : fakeEngine({ held }),
    );
    const { engine } = await segment('auto');
    expect(inWords(engine)).toEqual({
      id: 'onnx',
      device: 'test',
      remarks: [
        'The engine did not start (no memory for the weights); ONNX Runtime on the processor is used.',
      ],
    });
    expect([...held]).toEqual([]);
  });

  it('tries a graphics processor before it relies on it', async () => {
    const field = async (): Promise<never> => {
      throw new Error('the shader does not compile');
    };
    selectEngine.mockImplementation(async (choice) =>
      choice === 'auto' ? fakeEngine({ id: 'webgpu', held, field }) : fakeEngine({ held }),
    );
    const { engine } = await segment('auto');
    expect(inWords([engine.id, engine.remarks])).toEqual([
      'onnx',
      [expect.stringContaining('does not compile')],
    ]);
    expect([...held]).toEqual([]);
  });

  it('does not go on with another engine than the one that was asked for', async () => {
    selectEngine.mockImplementation(async (choice) =>
      fakeEngine({ held, ...(choice === 'webgpu' ? { openField: noField } : {}) }),
    );
    await expect(segment('webgpu')).rejects.toThrow('no memory for the weights');
  });

  it('frees all where the work is cancelled half-way', async () => {
    const controller = new AbortController();
    const onEncode = () => controller.abort();
    selectEngine.mockImplementation(async () => fakeEngine({ held, onEncode }));
    await expect(segment('onnx', { signal: controller.signal })).rejects.toThrow(CancelledError);
    expect([...held]).toEqual([]);
  });

  it('frees all where the work fails half-way', async () => {
    const field = async (): Promise<never> => {
      throw new Error('lost');
    };
    selectEngine.mockImplementation(async () => fakeEngine({ held, field }));
    await expect(segment('onnx')).rejects.toThrow('lost');
    expect([...held]).toEqual([]);
  });

  it('frees the others where one part cannot be freed', async () => {
    const failingFrees = ['field engine'];
    selectEngine.mockImplementation(async () => fakeEngine({ held, failingFrees }));
    await expect(segment('onnx')).rejects.toThrow('The field engine could not be freed.');
    expect([...held]).toEqual([]);
  });
});

it('shows the surface before it looks around it in the application, and looks when it is asked', async () => {
  const looks = vi.fn();
  const opening = vi
    .spyOn(surroundingsEngine, 'createOnnxSurroundingsEngine')
    .mockImplementation(async ({ structures }) => ({
      distances: async (cube) => {
        looks();
        return new Float32Array(structures.length * cube.length);
      },
      free: async () => undefined,
    }));
  const session = await createInferenceSession({
    programVersion: 'test',
    engine: 'onnx',
    surroundings: true,
  });
  try {
    const region = { centreLpsMm, edgeMm: 70, confidence: null };
    const { report } = await session.segment({
      crop: filledScan,
      region,
      source,
      seriesWarnings: [],
      resolution: 64,
    });
    expect(looks).not.toHaveBeenCalled();
    expect(awaitsSurroundings(report)).toBe(report.unfit === null);
    const found = await session.lookAround({
      crop: filledScan,
      centreLpsMm,
      ostiumLpsMm: null,
      rimLpsMm: null,
    });
    expect(looks).toHaveBeenCalledTimes(1);
    expect(found).toMatchObject({ model: { kind: 'surroundings' }, atrium: null });
  } finally {
    await session.free();
    opening.mockRestore();
  }
});

it('refuses to begin outside of the scan, before an engine is started', async () => {
  const options = { programVersion: 'test', engine: 'onnx', resolution: 64 } as const;
  await expect(segmentStudy(folder, { ...options, centreLpsMm: [9000, 0, 0] })).rejects.toThrow(
    /^The point \(9000, 0, 0\) mm lies outside of the scan, whose centre is at \(-?\d+, -?\d+, -?\d+\) mm \(LPS\)\.$/,
  );
  expect([...held]).toEqual([]);
});
