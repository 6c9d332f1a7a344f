import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeNrrd } from '#main/interchange/nrrd.ts';
import { meshTopology } from '#main/mesh/topology.ts';
import { measuredAppendageSchema } from '#shared/contract/services/measured.ts';
import { measuredWithoutOstium, report } from '#shared/contract/testing/values.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { type GridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { length } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { type TestApplication, temporaryFolder, testApplication } from './testing/application.ts';
import { type BuiltWorkers, builtWorkers } from './testing/builtWorkers.ts';

const RADIUS_MM = 8;
const BALL_ML = ((4 / 3) * Math.PI * RADIUS_MM ** 3) / 1000;

/** So small beside the ball that the labels are another segmentation, of which the surface is made from voxels. */
const original = measuredAppendageSchema.parse(measuredWithoutOstium);

/** A ball round the origin, in voxels of 0.8 mm. */
function ball() {
  const spacing = 0.8;
  const size = 28;
  const first = (-(size - 1) / 2) * spacing;
  const grid = {
    sizeIjk: [size, size, size] as const,
    originLpsMm: [first, first, first] as const,
    spacingMm: [spacing, spacing, spacing] as const,
    directions: LPS_AXES,
  } satisfies GridLps;
  const data = Uint8Array.from({ length: size ** 3 }, (_, index) => {
    const ijk = [index % size, Math.floor(index / size) % size, Math.floor(index / size ** 2)] as const;
    return length(ijkToLps(grid, ijk)) < RADIUS_MM ? 1 : 0;
  });
  return { grid, data };
}

describe('surfaces through the contract, in threads', () => {
  let workers: BuiltWorkers;
  let application: TestApplication;
  let noModels: string;
  const defects: Error[] = [];

  beforeAll(async () => {
    workers = await builtWorkers(['meshing.worker', 'inference.process']);
    // No network is asked here, and loading them takes longer than what is.
    noModels = await temporaryFolder();
    application = await testApplication({
      findWorker: workers.findWorker,
      modelsFolder: noModels,
      onDefect: (error) => defects.push(error),
    });
  });
  afterAll(async () => {
    await application.close();
    await workers.remove();
    await rm(noModels, { recursive: true, force: true });
    expect(defects).toEqual([]);
  });

  it('makes a closed surface from labels, and cuts it at a plane', async () => {
    const { afterEdits, recut } = application.client.services.meshing;
    const whole = await afterEdits({ original, labels: ball(), plane: null, atrium: null, isCut: false });
    expect(whole.wall).toBeNull();
    expect(meshTopology(whole.closed)).toMatchObject({ watertight: true, components: 1 });
    expect(Math.abs(signedVolumeMm3(whole.closed) / 1000 / BALL_ML - 1)).toBeLessThan(0.03);

    const plane = { pointLpsMm: [0, 0, 0] as const, normal: [0, 0, 1] as const };
    const cuttable = { closed: whole.closed, wall: null, ostiumPlane: null, atrium: null };
    const half = await recut({ ...cuttable, plane, isCut: false });
    expect(half.measurements.volumeMl! / (BALL_ML / 2)).toBeCloseTo(1, 1);
    expect(half.measurements.ostium!.areaMm2 / (Math.PI * RADIUS_MM ** 2)).toBeCloseTo(1, 1);
    const withheld = await recut({ ...cuttable, plane, isCut: true });
    expect(withheld.measurements.volumeMl).toBeNull();
  });

  it('refuses with one sentence', async () => {
    const { afterEdits } = application.client.services.meshing;
    const { grid, data } = ball();
    const empty = { grid, data: new Uint8Array(data.length) };
    await expect(
      afterEdits({ original, labels: empty, plane: null, atrium: null, isCut: false }),
    ).rejects.toThrow(UserError);
  });

  it('makes files of a surface', async () => {
    const { meshing, exporting } = application.client.services;
    const labels = ball();
    const appendage = await meshing.afterEdits({
      original,
      labels,
      plane: { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] },
      atrium: null,
      isCut: false,
    });
    const [nI, nJ, nK] = labels.grid.sizeIjk;
    const scanGrid = { ...labels.grid, sizeIjk: [nI + 7, nJ + 5, nK + 3] } as const;
    const stages: string[] = [];
    const { files } = await exporting.build(
      {
        appendage,
        labels,
        scanGrid,
        sourceSeries: null,
        report,
        warningsBeforeEditing: [],
        offChances: null,
        patient: {
          name: 'Phantom^Ball',
          id: '1',
          birthDate: '',
          sex: 'O',
          studyDate: '',
          studyDescription: '',
        },
        edits: [],
        review: 'accepted',
        pictures: [],
        options: {
          products: ['wall', 'closed'],
          meshFormats: ['stl'],
          maskFormats: ['nrrd'],
          documents: ['csv', 'pdf'],
          frame: 'LPS',
          shellThicknessMm: 1,
        },
      },
      { onProgress: ({ stage }) => stages.push(stage) },
    );
    const endings = files.map(({ name }) => name.slice(name.lastIndexOf('.'))).sort();
    expect(endings).toEqual(['.csv', '.json', '.json', '.json', '.nrrd', '.pdf', '.stl', '.stl']);
    for (const { name, bytes } of files) {
      expect(bytes.length).toBeGreaterThan(0);
      expect(name).not.toContain('Phantom');
    }
    const mask = files.find(({ name }) => name === 'laa-mask.nrrd');
    if (!mask) throw new Error('There is no mask.');
    expect(decodeNrrd(mask.bytes).grid.sizeIjk).toEqual(scanGrid.sizeIjk);
    expect(stages.length).toBeGreaterThan(0);
  });

  it('goes on after a call that was cancelled', async () => {
    const { afterEdits } = application.client.services.meshing;
    const controller = new AbortController();
    const request = { original, labels: ball(), plane: null, atrium: null, isCut: false };
    const cancelled = afterEdits(request, { signal: controller.signal });
    controller.abort();
    await expect(cancelled).rejects.toThrow(CancelledError);
    expect((await afterEdits(request)).mesh.watertight).toBe(true);
  });
});
