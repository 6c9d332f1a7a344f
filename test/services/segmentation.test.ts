import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateSurfaces } from '#main/evaluation/index.ts';
import { modelsFolder } from '#main/models/modelFolder.ts';
import { DEFAULT_MODEL_IDS } from '#main/models/modelRegistry.ts';
import { loadNetworkModels, openNetworks } from '#main/pipeline/networks.ts';
import { type Segmentation, segmentAppendage } from '#main/pipeline/segmentAppendage.ts';
import { createStageClock } from '#main/pipeline/stageClock.ts';
import type { Region, SegmentedAppendage } from '#shared/contract/services/segmentation.ts';
import { NEARBY } from '#shared/contract/surroundings.ts';
import { CancelledError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { awaitsSurroundings, withSurroundings } from '#shared/planning/awaitedSurroundings.ts';
import { distancesFromOstium } from '#shared/planning/nearbyDistances.ts';
import { type TestApplication, testApplication } from './testing/application.ts';
import { type BuiltWorkers, builtWorkers } from './testing/builtWorkers.ts';
import { coarseOf, cropOf, phantomScan, type Scan, sourceOf } from './testing/phantomScan.ts';

const missing = Object.values(DEFAULT_MODEL_IDS).filter((id) => !existsSync(join(modelsFolder(), id)));
if (missing.length > 0) process.stderr.write(`Services test skipped: no model ${missing.join(', ')}.\n`);

/** The command line's function on the whole scan, from a given centre. */
async function segmentWhole(scan: Scan, centreLpsMm: Vec3, resolution: number): Promise<Segmentation> {
  const networks = await openNetworks(await loadNetworkModels(), { engine: 'onnx', threads: 2 });
  try {
    return await segmentAppendage(scan, networks, {
      clock: createStageClock(),
      start: { centreLpsMm },
      resolution,
    });
  } finally {
    await networks.free();
  }
}

describe.skipIf(missing.length > 0)('segmentation through the contract', () => {
  let workers: BuiltWorkers;
  let application: TestApplication;
  let scan: Scan;
  let region: Region;
  let result: SegmentedAppendage;
  const stages: string[] = [];
  const defects: Error[] = [];

  const request = (changes: { region?: Region; reachMm?: number } = {}) => {
    const { region: at = region, reachMm = 55 } = changes;
    const crop = cropOf(scan, at.centreLpsMm, reachMm);
    return { crop, region: at, source: sourceOf(scan), seriesWarnings: [], resolution: 64 as const };
  };
  const segment = (...args: Parameters<typeof application.client.services.segmentation.segment>) =>
    application.client.services.segmentation.segment(...args);

  beforeAll(async () => {
    workers = await builtWorkers(['inference.process', 'renderCt.worker']);
    application = await testApplication({
      findWorker: workers.findWorker,
      onDefect: (error) => defects.push(error),
    });
    // Beyond the usual crop to each side, so that it is less than the whole.
    scan = await phantomScan(140, {
      edgeMm: 120,
      times: 2,
      renderWorker: workers.findWorker('renderCt.worker'),
    });
    region = await application.client.services.segmentation.findRegion({ coarse: coarseOf(scan) });
    result = await segment(request(), { onProgress: ({ stage }) => stages.push(stage) });
  });

  afterAll(async () => {
    await application.close();
    await workers.remove();
    expect(defects).toEqual([]);
  });

  it('is ready before it is asked', async () => {
    const status = await application.engine(({ state }) => state === 'ready');
    expect(status).toMatchObject({ id: 'onnx', device: 'CPU, 2 threads' });
  });

  it('finds the region in the coarse scan, and says how sure it is', () => {
    expect(region.edgeMm).toBe(70);
    expect(region.confidence).toBeGreaterThan(0.5);
  });

  describe('a crop', () => {
    let whole: Segmentation;

    beforeAll(async () => {
      whole = await segmentWhole(scan, region.centreLpsMm, 64);
    });

    it('gives the surface that the whole scan gives through the command line’s function', () => {
      const { closed } = result.appendage;
      const expected = whole.appendage.closed;
      expect(whole.appendage.volumeMl).toBeGreaterThan(1);
      expect(Math.abs(signedVolumeMm3(closed) / signedVolumeMm3(expected) - 1)).toBeLessThan(0.005);
      expect(evaluateSurfaces(closed, expected).hausdorffMm).toBeLessThan(0.05);
      expect(distance(result.report.region.centreLpsMm, whole.frame.centreLpsMm)).toBeLessThan(0.01);
    });

    it('gives the same numbers and warnings', () => {
      const { measurements, warnings } = result.appendage;
      expect(result.isCut).toBe(false);
      expect(measurements.volumeMl).toBeCloseTo(whole.appendage.volumeMl, 2);
      const { ostium } = whole.appendage;
      if (!ostium.found) throw new Error('The phantom has an ostium.');
      expect(measurements.ostium!.areaMm2).toBeCloseTo(ostium.measures.areaMm2, 1);
      expect(measurements.depthMm).toBeCloseTo(ostium.centreLine!.depthMm, 1);
      expect(result.appendage.rimLpsMm!.length).toBe(3 * ostium.rimLpsMm.length);
      expect(warnings).toEqual(whole.surfaceWarnings);
      expect(result.report.warnings).toEqual(expect.arrayContaining([...whole.scanWarnings, ...warnings]));
      expect(result.report.contrast.appendageHu).toBeCloseTo(whole.contrast.appendageHu!, 0);
      expect(result.report.contrast.atriumHu).toBeCloseTo(whole.contrast.atriumHu!, 0);
    });

    it('labels the voxels of the crop as the mask of the whole scan does', () => {
      const { labels } = result;
      expect(labels.grid).toEqual(request().crop.grid);
      const count = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0);
      const inWhole = count(rasterizeClosedMesh(result.appendage.closed, scan.grid));
      expect(inWhole).toBeGreaterThan(1000);
      expect(count(labels.data)).toBe(inWhole);
    });

    it('reports the source of the request, the models and the engine, and its progress', () => {
      const { report } = result;
      expect(report.source).toEqual(sourceOf(scan));
      expect(report.models.map(({ id }) => id)).toEqual(['laa-region-64-upright', 'laa-nudf-128-sound']);
      expect(awaitsSurroundings(report)).toBe(true);
      expect(report.engine).toMatchObject({ id: 'onnx', remarks: [] });
      expect(report.program.version).toBe('0.0.0-test');
      expect(report.region.confidence).toBeCloseTo(region.confidence!, 3);
      expect(stages.length).toBeGreaterThan(2);
    });

    it('looks around it afterwards', async () => {
      const { report, appendage } = result;
      const found = await application.client.services.segmentation.surroundings({
        crop: request().crop,
        centreLpsMm: report.region.centreLpsMm,
        ostiumLpsMm: appendage.measurements.ostium!.centreLpsMm,
        rimLpsMm: appendage.rimLpsMm,
      });
      expect(found.atrium).not.toBeNull();
      const complete = withSurroundings(report, found);
      expect(complete.models.at(-1)?.id).toBe('laa-surroundings-64-septum');
      expect(awaitsSurroundings(complete)).toBe(false);
      const distances = distancesFromOstium(appendage, complete);
      expect(distances.map(({ structure }) => structure)).toEqual(NEARBY);
      expect(distances.some(({ mm }) => mm !== null)).toBe(true);
    });
  });

  it('refuses a box that the appendage does not lie in, instead of taking the crop’s edge for the scan’s', async () => {
    const [x, y, z] = region.centreLpsMm;
    // So far that all that the first cube shows of it lies beyond: no second cube is read.
    const beside: Region = { ...region, centreLpsMm: [x, y - 38, z], confidence: null };
    await expect(segment(request({ region: beside }))).rejects.toThrow(/edge of the box/);
  });

  describe('three jobs, of which the first two are cancelled', () => {
    let second: PromiseSettledResult<SegmentedAppendage>;
    let third: SegmentedAppendage;
    const stagesOfSecond: string[] = [];

    beforeAll(async () => {
      const [running, waiting] = [new AbortController(), new AbortController()];
      const isRunning = new Promise<void>((resolve) => {
        void segment(request(), { signal: running.signal, onProgress: () => resolve() }).catch(
          () => undefined,
        );
      });
      const waits = segment(request(), {
        signal: waiting.signal,
        onProgress: ({ stage }) => stagesOfSecond.push(stage),
      });
      // Round where the first cube came to rest: no cube is read in vain.
      const { centreLpsMm } = result.report.region;
      const larger: Region = { centreLpsMm, edgeMm: 90, confidence: null };
      const next = segment(request({ region: larger, reachMm: 65 }));
      await isRunning;
      waiting.abort();
      [second] = await Promise.allSettled([waits]);
      running.abort();
      third = await next;
    });

    it('never begins the one that waited, and goes on with the next', () => {
      expect(second).toMatchObject({ status: 'rejected', reason: expect.any(CancelledError) });
      expect(stagesOfSecond.filter((stage) => stage !== 'Waiting for earlier work')).toEqual([]);
      expect(third.report.volumeMl).toBeGreaterThan(1);
    });

    it('sees in the next what a person’s larger box holds', () => {
      expect(third.report.region).toMatchObject({ edgeMm: 90, confidence: null });
      // What the bundled model makes of this scan is 7.4 mL; the phantom has 7.5 mL.
      expect(Math.abs(third.report.volumeMl! / 7.4 - 1)).toBeLessThan(0.05);
    });
  });

  it('answers with one sentence where there is no contrast', async () => {
    const asked = request();
    // Between fat and muscle, with noise.
    const dark = {
      ...asked.crop,
      data: asked.crop.data.map((_, voxel) => ((7919 * voxel) % 31) - 35),
    };
    await expect(segment({ ...asked, crop: dark })).rejects.toMatchObject({
      failure: failure('pipeline.no-blood', { brightestHu: expect.closeTo(-20, -1) }),
    });
  });
});
