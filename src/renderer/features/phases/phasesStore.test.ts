import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Region } from '#shared/contract/services/segmentation.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { box } from '#shared/mesh/testing/primitives.ts';
import { nominalPhase } from '#shared/phases/testing/cycle.ts';
import { createAlerts } from '../../jobs/alertStore.ts';
import { createJobs } from '../../jobs/jobStore.ts';
import { exampleAppendage, exampleReviewCase } from '../review/testing/exampleCase.ts';
import type { StudiesState } from '../studies/studiesStore.ts';
import type { LoadedSeries, SeriesEntry } from '../studies/types.ts';
import { resultsInOrder } from './phasesState.ts';
import { createPhases } from './phasesStore.ts';

const grid: GridLps = {
  sizeIjk: [8, 8, 8],
  originLpsMm: [0, 0, 0],
  spacingMm: [1, 1, 1],
  directions: LPS_AXES,
};
const volume = { grid, data: Int16Array.from({ length: 512 }, (_, at) => at) };
const { positionsLpsMm, triangles } = box([1.5, 1.5, 1.5], [4.5, 4.5, 4.5]);
const original = exampleAppendage({
  closed: { positionsLpsMm: new Float32Array(positionsLpsMm), triangles: new Uint32Array(triangles) },
});
const reviewCase = exampleReviewCase(
  { crop: volume, labels: { grid, data: new Uint8Array(512) } },
  { original },
);

const entry = (percent: number, setId = 'heart'): SeriesEntry => ({
  id: `${percent}`,
  seriesInstanceUid: `1.2.${percent}`,
  studyInstanceUid: '1',
  description: `CTA ${percent} %`,
  details: '',
  sliceCount: 80,
  spacingMm: [1, 1, 1],
  patient: reviewCase.patient,
  refusal: null,
  warnings: [],
  canResample: false,
  isPreselected: false,
  phase: { ...nominalPhase(percent), setId },
});

const alone: SeriesEntry = { ...entry(1), id: 'alone', phase: null };

function build() {
  const series = [entry(75), alone, entry(40), entry(5)];
  const studies = createStore<StudiesState>(() => ({
    study: { series, skippedFiles: 0, problems: [] },
    isSample: false,
    thumbnails: {},
    selectedId: null,
    loaded: null,
  }));
  const select = vi.fn(async (selectedId: string) => studies.setState({ selectedId }));
  const load = vi.fn(async (id: string): Promise<LoadedSeries> => {
    const found = series.find((one) => one.id === id)!;
    return {
      entry: found,
      volume,
      coarse: async () => ({ ...volume }),
      source: reviewCase.report.source,
      sourceSeries: { attributes: {}, instances: [] },
      warnings: [],
    };
  });
  const regionsUsed: (readonly [string, readonly number[]])[] = [];
  const segment = vi.fn(async ({ entry: { id, seriesInstanceUid } }: LoadedSeries, region: Region) => {
    regionsUsed.push([id, region.centreLpsMm]);
    const report = {
      ...reviewCase.report,
      region: { ...reviewCase.report.region, centreLpsMm: [Number(id), 0, 0] as [number, number, number] },
    };
    return { ...reviewCase, id: `case ${id}`, seriesInstanceUid, report };
  });
  let tick: (() => void) | null = null;
  const jobs = createJobs(createAlerts());
  const phases = createPhases({
    studies: { store: studies, select },
    reader: { load },
    jobs,
    region: async () => reviewCase.region,
    segment,
    timer: {
      every(_, next) {
        tick = next;
        return () => {
          tick = null;
        };
      },
    },
  });
  return { studies, select, load, segment, regionsUsed, jobs, phases, tick: () => tick?.() };
}

describe('the phases of the open heart', () => {
  it('are those of the selected series in the order of the cycle, and none of a series without', async () => {
    const { phases, select } = build();
    await select('40');
    expect(phases.store.getState().phases.map(({ id }) => id)).toEqual(['5', '40', '75']);
    await select('alone');
    expect(phases.store.getState().phases).toEqual([]);
  });

  it('are played round and round, each read once, and stop at the loaded scan', async () => {
    const { phases, select, load, tick } = build();
    await select('40');
    const shown = () => phases.store.getState().frame?.label;
    await phases.togglePlay();
    const labels = [shown()];
    for (let at = 0; at < 3; at++) {
      tick();
      labels.push(shown());
    }
    expect(labels).toEqual(['75 %', '5 %', '40 %', '75 %']);
    expect(phases.store.getState().frame?.volume.heart).toBe('heart');
    await phases.step(-1);
    expect([shown(), phases.store.getState().isPlaying]).toEqual(['40 %', false]);
    phases.stop();
    expect(phases.store.getState().frame).toBeNull();
    expect(load).toHaveBeenCalledTimes(3);
  });
});

describe('segmenting all', () => {
  it('begins at the shown phase, follows the box, and names a phase that is refused', async () => {
    const { phases, select, segment, regionsUsed } = build();
    await select('40');
    segment.mockImplementationOnce(segment.getMockImplementation()!).mockImplementationOnce(async () => {
      throw new UserError(failure('pipeline.no-appendage'));
    });
    await phases.segmentAll();
    expect(regionsUsed).toEqual([
      ['40', reviewCase.region.centreLpsMm],
      ['5', [40, 0, 0]],
    ]);
    // The search's confidence is that of the phase that was searched.
    const { confidence } = reviewCase.region;
    expect(segment.mock.calls.map(([, box]) => box.confidence)).toEqual([confidence, null, null]);
    const results = resultsInOrder(phases.store.getState());
    expect(results.map(({ phase, refusal }) => [phase.label, refusal?.code])).toEqual([
      ['5 %', undefined],
      ['40 %', undefined],
      ['75 %', 'pipeline.no-appendage'],
    ]);
    // Only what has no segmentation is tried again.
    segment.mockClear();
    await phases.segmentAll();
    expect(segment).toHaveBeenCalledTimes(1);
  });

  it('gives a chosen phase its case back, with voxels and labels of its own scan', async () => {
    const { phases, select, load } = build();
    await select('40');
    await phases.segmentAll();
    await phases.choose('75');
    const found = phases.caseOf(await load('75'))!;
    expect(found.id).toBe('case 75');
    expect(found.crop.data).toEqual(volume.data);
    expect(found.labels.data).toHaveLength(volume.data.length);
    // Of 3 mm each way: 27 voxels.
    expect(found.labels.data.filter((label) => label !== 0)).toHaveLength(27);
    expect(phases.store.getState().selectedId).toBe('75');
  });

  it('ends where it is cancelled, and keeps what is done', async () => {
    const { phases, select, segment, jobs } = build();
    await select('40');
    const usual = segment.getMockImplementation()!;
    segment.mockImplementationOnce(usual).mockImplementationOnce(async (...all) => {
      jobs.cancelNewest();
      return usual(...all);
    });
    await phases.segmentAll();
    expect(Object.keys(phases.store.getState().results)).toEqual(['40']);
  });
});

it('ends with the heart: what is left of it is no result of the next one', async () => {
  const { phases, select, segment, studies, load } = build();
  await select('40');
  const closed = new UserError(failure('studies.series-closed'));
  segment.mockImplementationOnce(async () => {
    studies.setState({ study: { series: [alone], skippedFiles: 0, problems: [] }, selectedId: null });
    await select('alone');
    load.mockRejectedValue(closed);
    throw closed;
  });
  await phases.segmentAll();
  expect(phases.store.getState()).toMatchObject({ phases: [], results: {} });
  expect(load).toHaveBeenCalledTimes(1);
});

it('the numbers of a phase follow its edits', async () => {
  const { phases, select } = build();
  await select('40');
  const mine = { ...reviewCase, seriesInstanceUid: '1.2.40' };
  phases.note(mine, mine.original);
  const edited = {
    ...mine.original,
    measurements: { ...mine.original.measurements, volumeMl: 1.5 },
  };
  phases.note(mine, edited);
  expect(phases.store.getState().results['40']?.measurements?.volumeMl).toBe(1.5);
  // Work on another series changes nothing here.
  phases.note({ ...mine, seriesInstanceUid: '9' }, mine.original);
  expect(phases.store.getState().results['40']?.measurements?.volumeMl).toBe(1.5);
});
