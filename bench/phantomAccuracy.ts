/**
 * Accuracy of the whole pipeline on phantoms whose seeds were never trained on: a whole scan is rendered, segmented
 * and compared with the analytic truth. Prints a line a phantom and the medians; --metrics FILE writes them as JSON
 * for `auricle model pack`.
 *
 *   npm run bench:accuracy -- [--first 1] [--count 20] [--matrix 512] [--engine auto] [--models DIR] [--fields ID,ID] [--variety usual|wide] [--resolution 128[,256…]] [--metrics FILE] [--rows FILE]
 *     [--render cpu|webgpu]
 *
 * With several resolutions each scan is segmented once at each, one after the other, so that their times compare; the
 * metrics are those of the first. --rows appends a line of JSON for each scan, with its stratum (slices, noise, contrast,
 * motion, neighbours), from which bench/accuracyStrata.ts prints tables; several processes may share the work so.
 */
import { appendFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { diceOfClosedMeshes, evaluateRims, evaluateSurfaces } from '#main/evaluation/index.ts';
import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { APPENDAGE_CUBE_EDGE_MM, type CropFrame, lpsToNormalized } from '#main/surface/cropFrame.ts';
import type { EngineChoice } from '#shared/contract/services/app.ts';
import { DEFAULT_RESOLUTION } from '#shared/contract/services/app.ts';
import { faceCount } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { buildScene, drawAcquisitionSpacing, suggestedCtGrid } from '../src/main/phantom/anatomy/index.ts';
import { loadNetworkModels, openNetworks } from '../src/main/pipeline/networks.ts';
import { segmentAppendage } from '../src/main/pipeline/segmentAppendage.ts';
import { createStageClock } from '../src/main/pipeline/stageClock.ts';
import { messageOf } from '../src/shared/errors.ts';
import { distance, dot, subtract, type Vec3 } from '../src/shared/geometry/vec3.ts';
import { type AccuracyRow, strataOf } from './accuracy/strata.ts';
import { wallBeyond } from './accuracy/wallBeyond.ts';
import { rendererOf, varietyOf } from './choiceOf.ts';
import { phantomTruth } from './phantomTruth.ts';
import { createScanRenderer } from './scanRenderer.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    count: { type: 'string', default: '20' },
    matrix: { type: 'string', default: '512' },
    engine: { type: 'string', default: 'auto' },
    models: { type: 'string' },
    fields: { type: 'string' },
    variety: { type: 'string', default: 'usual' },
    resolution: { type: 'string', default: String(DEFAULT_RESOLUTION) },
    metrics: { type: 'string' },
    rows: { type: 'string' },
    render: { type: 'string', default: 'cpu' },
  },
});
const [first, count, matrix] = [Number(values.first), Number(values.count), Number(values.matrix)];
const resolutions = values.resolution.split(',').map(Number);
const variety = varietyOf(values.variety);

const models = await loadNetworkModels(
  withoutUndefined({ modelsFolder: values.models, fieldModels: values.fields?.split(',') }),
);
// The option's text is checked by selectEngine.
const networks = await openNetworks(models, { engine: values.engine as EngineChoice });
const renderer = await createScanRenderer(rendererOf(values.render));

/** The true surfaces with their ostium. */
async function measuredTruth(scene: ReturnType<typeof buildScene>) {
  const { closed, ostium, volumeMl } = await phantomTruth(scene, 128);
  if (!ostium.found) throw new Error('The phantom has no ostium.');
  return { closed, ostium, volumeMl };
}

/** Whether all of a mesh lies inside a cube. */
function isInside(positionsLpsMm: Float32Array, frame: CropFrame): boolean {
  for (let at = 0; at < positionsLpsMm.length; at += 3) {
    const point: Vec3 = [positionsLpsMm[at]!, positionsLpsMm[at + 1]!, positionsLpsMm[at + 2]!];
    if (lpsToNormalized(frame, point).some((value) => Math.abs(value) > 1)) return false;
  }
  return true;
}

/** The wall is judged apart from the ostium beyond this depth, mm. */
const BEYOND_OSTIUM_MM = 5;

/** Segments a scan and compares the result with the truth. */
async function measured(
  volume: VolumeHu,
  truth: Awaited<ReturnType<typeof measuredTruth>>,
  resolution: number,
  landmarksLpsMm: Readonly<Record<string, Vec3>>,
): Promise<Record<string, number>> {
  const clock = createStageClock();
  const began = performance.now();
  const result = await segmentAppendage(volume, networks, { clock, resolution });
  const seconds = (performance.now() - began) / 1000;
  const { appendage } = result;
  const regionFrame: CropFrame = {
    centreLpsMm: result.start.centreLpsMm,
    edgeMm: APPENDAGE_CUBE_EDGE_MM,
  };
  const surfaces = evaluateSurfaces(appendage.closed, truth.closed);
  const ostium = appendage.ostium.found ? appendage.ostium : null;
  const { planePointLpsMm: pointLpsMm, planeNormal: normal } = truth.ostium;
  const beyond = wallBeyond(appendage.closed, truth.closed, { pointLpsMm, normal }, BEYOND_OSTIUM_MM);
  const angle = ostium
    ? (Math.acos(Math.min(1, Math.abs(dot(ostium.planeNormal, truth.ostium.planeNormal)))) * 180) / Math.PI
    : Number.NaN;
  const { landmarks } = result;
  const found = (name: string): number => {
    const landmark = landmarks?.found.find((one) => one.name === name);
    return landmark ? distance(landmark.pointLpsMm, landmarksLpsMm[name]!) : Number.NaN;
  };
  const fromPlane = (name: string): number =>
    ostium
      ? Math.abs(dot(subtract(landmarksLpsMm[name]!, ostium.planePointLpsMm), ostium.planeNormal))
      : Number.NaN;
  return {
    regionInside: isInside(truth.closed.positionsLpsMm, regionFrame) ? 1 : 0,
    dice: diceOfClosedMeshes(appendage.closed, truth.closed),
    averageSurfaceDistanceMm: surfaces.averageSymmetricDistanceMm,
    hausdorff95Mm: surfaces.hausdorff95Mm,
    wallAverageMm: beyond.averageMm,
    wall95Mm: beyond.percentile95Mm,
    wallOffAreaMm2: beyond.offAreaMm2,
    unfit: result.fitness.unfit ? 1 : 0,
    confidence: result.fitness.confidence ?? Number.NaN,
    rimDistanceMm: ostium ? evaluateRims(ostium.rimLpsMm, truth.ostium.rimLpsMm).meanDistanceMm : Number.NaN,
    ostiumCentreMm: ostium
      ? distance(ostium.measures.centreLpsMm, truth.ostium.measures.centreLpsMm)
      : Number.NaN,
    planeAngleDegrees: angle,
    ostiumAreaShare: ostium ? ostium.measures.areaMm2 / truth.ostium.measures.areaMm2 : Number.NaN,
    ridgeFromPlaneMm: fromPlane('leftSuperiorVeinRidge'),
    circumflexFromPlaneMm: fromPlane('leftCircumflex'),
    ridgeErrorMm: found('leftSuperiorVeinRidge'),
    circumflexErrorMm: found('leftCircumflex'),
    ridgeCapMm: landmarks?.fromCapMm[0] ?? Number.NaN,
    circumflexCapMm: landmarks?.fromCapMm[1] ?? Number.NaN,
    ridgeSpreadMm: landmarks?.found[0]?.spreadMm ?? Number.NaN,
    circumflexSpreadMm: landmarks?.found[1]?.spreadMm ?? Number.NaN,
    planeSdMm: landmarks?.sdMm ?? Number.NaN,
    planeSdDegrees: landmarks?.sdDegrees ?? Number.NaN,
    planeOffMm: ostium
      ? dot(subtract(truth.ostium.measures.centreLpsMm, ostium.planePointLpsMm), ostium.planeNormal)
      : Number.NaN,
    volumeShare: appendage.volumeMl / truth.volumeMl,
    components: appendage.quality.components,
    wallLoops: ostium ? findBoundaryLoops(ostium.wall).length : 0,
    watertightOutward: appendage.quality.watertight && appendage.quality.outward === true ? 1 : 0,
    genus: appendage.quality.genus,
    removedHandles: appendage.removedHandles,
    selfIntersections: appendage.quality.selfIntersections,
    droppedMl: appendage.droppedPieces.reduce((sum, piece) => sum + piece.volumeMl, 0),
    faces: faceCount(appendage.closed),
    seconds,
    surfaceSeconds: clock.seconds().surface ?? Number.NaN,
  };
}

interface Row {
  readonly seed: number;
  readonly resolution: number;
  readonly numbers: Record<string, number>;
}
const rows: Row[] = [];
const keepRow = async (row: AccuracyRow): Promise<void> => {
  if (values.rows !== undefined) await appendFile(values.rows, `${JSON.stringify(row)}\n`);
};
const median = (list: number[]): number => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

for (let seed = first; seed < first + count; seed++) {
  const scene = buildScene(seed, { variety });
  const spacing = drawAcquisitionSpacing(createRandom(seed).fork('spacing'), variety);
  const grid = suggestedCtGrid(scene, spacing, matrix);
  const volume = { grid, data: await renderer.render(scene, grid) };
  const truth = await measuredTruth(scene);
  for (const resolution of resolutions) {
    try {
      const numbers = await measured(volume, truth, resolution, scene.appendage.landmarksLpsMm);
      if (rows.length === 0)
        console.log(['seed', 'cells', 'sizeK', 'sliceMm', 'noiseHu', ...Object.keys(numbers)].join('\t'));
      rows.push({ seed, resolution, numbers });
      await keepRow({ seed, stratum: strataOf(scene, spacing.sliceMm), numbers });
      console.log(
        [
          seed,
          resolution,
          grid.sizeIjk[2],
          grid.spacingMm[2].toFixed(2),
          scene.acquisition.noiseSdHu.toFixed(0),
          ...Object.values(numbers).map((value) => value.toFixed(3).replace(/\.?0+$/, '')),
        ].join('\t'),
      );
    } catch (thrown) {
      await keepRow({ seed, stratum: strataOf(scene, spacing.sliceMm), refused: messageOf(thrown) });
      console.log(`${seed}\t${resolution}\tFAILED: ${messageOf(thrown)}`);
    }
  }
}
await networks.free();
renderer.free();

const names = Object.keys(rows[0]?.numbers ?? {});
const column = (name: string, cells = resolutions[0]): number[] =>
  rows
    .filter(({ resolution }) => resolution === cells)
    .map(({ numbers }) => numbers[name]!)
    .filter(Number.isFinite);
for (const resolution of resolutions) {
  const segmented = rows.filter((row) => row.resolution === resolution).length;
  console.log(`\n${resolution} cells: ${segmented} of ${count} segmented`);
  for (const name of names) {
    const list = column(name, resolution);
    console.log(
      `${name.padEnd(26)} median ${median(list).toFixed(3)}  worst ${Math.min(...list).toFixed(3)} … ${Math.max(...list).toFixed(3)}`,
    );
  }
}
if (values.metrics !== undefined) {
  const total = (name: string, ok: (value: number) => boolean): number => column(name).filter(ok).length;
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  const metrics = {
    phantoms: count,
    regionInside: total('regionInside', (value) => value === 1),
    diceMedian: round(median(column('dice'))),
    averageSurfaceDistanceMedianMm: round(median(column('averageSurfaceDistanceMm'))),
    hausdorff95MedianMm: round(median(column('hausdorff95Mm'))),
    rimDistanceMedianMm: round(median(column('rimDistanceMm'))),
    oneComponent: total('components', (value) => value === 1),
    oneWallLoop: total('wallLoops', (value) => value === 1),
    watertightOutward: total('watertightOutward', (value) => value === 1),
  };
  await writeFile(values.metrics, `${JSON.stringify(metrics, null, 2)}\n`);
}
