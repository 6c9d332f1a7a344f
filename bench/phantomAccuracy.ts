/**
 * Accuracy of the whole pipeline on phantoms whose seeds were never trained on: a whole scan is rendered, segmented
 * and compared with the analytic truth. Prints a line a phantom and the medians; --metrics FILE writes them as JSON
 * for `auricle model pack`.
 *
 *   npm run bench:accuracy -- [--first 1] [--count 20] [--matrix 512] [--engine auto] [--models DIR] [--fields ID,ID] [--variety usual|wide] [--resolution 128] [--metrics FILE]
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { diceOfClosedMeshes, evaluateRims, evaluateSurfaces } from '#main/evaluation/index.ts';
import { APPENDAGE_CUBE_EDGE_MM, type CropFrame, lpsToNormalized } from '#main/surface/cropFrame.ts';
import { extractAppendage } from '#main/surface/extraction/index.ts';
import { findBoundaryLoops } from '#shared/mesh/topology.ts';
import { createRandom } from '#shared/random/random.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { loadFieldModels, loadModelOfKind } from '../src/main/models/modelRegistry.ts';
import { type EngineChoice, selectEngine } from '../src/main/nudf/engine/selectEngine.ts';
import {
  appendageBounds,
  buildScene,
  drawAcquisitionSpacing,
  suggestedCtGrid,
} from '../src/main/phantom/anatomy/index.ts';
import { createTruthField } from '../src/main/phantom/truthField.ts';
import { openFieldEngine } from '../src/main/pipeline/fieldEnsemble.ts';
import { segmentAppendage } from '../src/main/pipeline/segmentAppendage.ts';
import { createStageClock } from '../src/main/pipeline/stageClock.ts';
import { renderCtThreads } from '../src/main/workers/renderCtThreads.ts';
import { messageOf } from '../src/shared/errors.ts';
import { distance, dot, type Vec3 } from '../src/shared/geometry/vec3.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    count: { type: 'string', default: '20' },
    matrix: { type: 'string', default: '512' },
    engine: { type: 'string', default: 'auto' },
    models: { type: 'string' },
    fields: { type: 'string' },
    variety: { type: 'string', default: 'usual' },
    resolution: { type: 'string', default: '128' },
    metrics: { type: 'string' },
  },
});
const [first, count, matrix] = [Number(values.first), Number(values.count), Number(values.matrix)];
const variety = values.variety === 'wide' ? 'wide' : 'usual';
const folder = withoutUndefined({ folder: values.models });

const regionModel = await loadModelOfKind('region', undefined, folder);
const fieldModels = await loadFieldModels(values.fields?.split(','), folder);
// The option's text is checked by selectEngine.
const selected = await selectEngine(values.engine as EngineChoice);
const regionEngine = await selected.regionEngine(regionModel.manifest.spec, regionModel.weights);
const fieldEngine = await openFieldEngine(selected, fieldModels);

/** The true surfaces, by the same extraction from the scene's own distances. */
async function truthOf(scene: ReturnType<typeof buildScene>) {
  const frame: CropFrame = {
    centreLpsMm: appendageBounds(scene).centreLpsMm,
    edgeMm: APPENDAGE_CUBE_EDGE_MM,
  };
  const field = createTruthField(scene, frame);
  const truth = await extractAppendage(
    async (points) => {
      const both = field.distances(points);
      const n = points.length / 3;
      return {
        signedMm: Float32Array.from({ length: n }, (_, index) => both[2 * index]!),
        unsignedMm: Float32Array.from({ length: n }, (_, index) => both[2 * index + 1]!),
      };
    },
    frame,
    // The truth's cap is plane already.
    { resolution: 128, planarCap: false },
  );
  if (!truth.found || !truth.ostium.found) throw new Error('The phantom has no appendage.');
  return { closed: truth.closed, ostium: truth.ostium, volumeMl: truth.volumeMl };
}

/** Whether all of a mesh lies inside a cube. */
function isInside(positionsLpsMm: Float32Array, frame: CropFrame): boolean {
  for (let at = 0; at < positionsLpsMm.length; at += 3) {
    const point: Vec3 = [positionsLpsMm[at]!, positionsLpsMm[at + 1]!, positionsLpsMm[at + 2]!];
    if (lpsToNormalized(frame, point).some((value) => Math.abs(value) > 1)) return false;
  }
  return true;
}

interface Row {
  readonly seed: number;
  readonly numbers: Record<string, number>;
}
const rows: Row[] = [];
const failures: string[] = [];
const median = (list: number[]): number => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

for (let seed = first; seed < first + count; seed++) {
  const scene = buildScene(seed, { variety });
  const spacing = drawAcquisitionSpacing(createRandom(seed).fork('spacing'), variety);
  const grid = suggestedCtGrid(scene, spacing, matrix);
  const volume = { grid, data: await renderCtThreads(scene, grid) };
  const truth = await truthOf(scene);
  const clock = createStageClock();
  const began = performance.now();
  try {
    const result = await segmentAppendage(
      volume,
      {
        region: { engine: regionEngine, spec: regionModel.manifest.spec },
        field: { engine: fieldEngine, spec: fieldModels[0].manifest.spec },
      },
      { clock, resolution: Number(values.resolution) },
    );
    const seconds = (performance.now() - began) / 1000;
    const { appendage } = result;
    const regionFrame: CropFrame = {
      centreLpsMm: result.region!.centreLpsMm,
      edgeMm: APPENDAGE_CUBE_EDGE_MM,
    };
    const surfaces = evaluateSurfaces(appendage.closed, truth.closed);
    const ostium = appendage.ostium.found ? appendage.ostium : null;
    const angle = ostium
      ? (Math.acos(Math.min(1, Math.abs(dot(ostium.planeNormal, truth.ostium.planeNormal)))) * 180) / Math.PI
      : Number.NaN;
    const numbers: Record<string, number> = {
      regionInside: isInside(truth.closed.positionsLpsMm, regionFrame) ? 1 : 0,
      dice: diceOfClosedMeshes(appendage.closed, truth.closed),
      averageSurfaceDistanceMm: surfaces.averageSymmetricDistanceMm,
      hausdorff95Mm: surfaces.hausdorff95Mm,
      rimDistanceMm: ostium
        ? evaluateRims(ostium.rimLpsMm, truth.ostium.rimLpsMm).meanDistanceMm
        : Number.NaN,
      ostiumCentreMm: ostium
        ? distance(ostium.measures.centreLpsMm, truth.ostium.measures.centreLpsMm)
        : Number.NaN,
      planeAngleDegrees: angle,
      ostiumAreaShare: ostium ? ostium.measures.areaMm2 / truth.ostium.measures.areaMm2 : Number.NaN,
      volumeShare: appendage.volumeMl / truth.volumeMl,
      components: appendage.quality.components,
      wallLoops: ostium ? findBoundaryLoops(ostium.wall).length : 0,
      watertightOutward: appendage.quality.watertight && appendage.quality.outward === true ? 1 : 0,
      genus: appendage.quality.genus,
      selfIntersections: appendage.quality.selfIntersections,
      droppedMl: appendage.droppedPieces.reduce((sum, piece) => sum + piece.volumeMl, 0),
      seconds,
    };
    if (rows.length === 0)
      console.log(['seed', 'sizeK', 'sliceMm', 'noiseHu', ...Object.keys(numbers)].join('\t'));
    rows.push({ seed, numbers });
    console.log(
      [
        seed,
        grid.sizeIjk[2],
        grid.spacingMm[2].toFixed(2),
        scene.acquisition.noiseSdHu.toFixed(0),
        ...Object.values(numbers).map((value) => value.toFixed(3).replace(/\.?0+$/, '')),
      ].join('\t'),
    );
  } catch (thrown) {
    failures.push(`${seed}: ${messageOf(thrown)}`);
    console.log(`${seed}\tFAILED: ${messageOf(thrown)}`);
  }
}
await regionEngine.free();
await fieldEngine.free();
await selected.free();

const names = Object.keys(rows[0]?.numbers ?? {});
const column = (name: string): number[] => rows.map(({ numbers }) => numbers[name]!).filter(Number.isFinite);
console.log(`\n${rows.length} of ${count} segmented; ${failures.length} failed`);
for (const name of names) {
  const list = column(name);
  console.log(
    `${name.padEnd(26)} median ${median(list).toFixed(3)}  worst ${Math.min(...list).toFixed(3)} … ${Math.max(...list).toFixed(3)}`,
  );
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
