/**
 * How exactly the surroundings of an appendage are found, on phantoms never trained on: the distance from the true ostium's
 * rim to each structure, Dice of left atrium and vein, error of the field near each structure. A line a scan, then the
 * table of docs/accuracy.md.
 *
 *   npm run bench:surroundings -- [--checkpoint DIR --recipe FILE] [--first 5001] [--count 20] [--variety usual|wide] [--shift 4] [--metrics FILE] [--truth]
 *
 * `--truth` takes the exact distances in place of a network's: what is left is the error of grid and places.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadModelOfKind } from '../src/main/models/modelRegistry.ts';
import {
  createOnnxSurroundingsEngine,
  type SurroundingsEngine,
} from '../src/main/nudf/engine/onnxSurroundingsEngine.ts';
import { boxGridLps, cubeBox } from '../src/main/nudf/region/regionBlocks.ts';
import { appendageBounds, buildScene, drawAcquisitionSpacing } from '../src/main/phantom/anatomy/index.ts';
import { renderCtBox } from '../src/main/phantom/renderCt.ts';
import type { PhantomScene } from '../src/main/phantom/scene.ts';
import { surroundingDistance, surroundingDistances } from '../src/main/phantom/surroundingDistances.ts';
import { trueOstium } from '../src/main/phantom/truthOstium.ts';
import { findSurroundings } from '../src/main/pipeline/findSurroundings.ts';
import { type SurroundingErrors, surroundingPlaces } from '../src/main/pipeline/surroundingPlaces.ts';
import { readTrainedWeights } from '../src/main/training/checkpoint.ts';
import { parseRecipe } from '../src/main/training/recipe.ts';
import {
  distancesOf,
  SURROUNDINGS_CENTRE_MM,
  type SurroundingsField,
  valueAt,
} from '../src/shared/anatomy/surroundings.ts';
import { type GridLps, ijkToLps, LPS_AXES } from '../src/shared/geometry/gridLps.ts';
import { add, distance, perAxis, type Vec3 } from '../src/shared/geometry/vec3.ts';
import { ostiumDistances } from '../src/shared/planning/nearbyDistances.ts';
import type { SurroundingsNetworkSpec } from '../src/shared/nudf/network/networkSpec.ts';
import { createRandom } from '../src/shared/random/random.ts';
import type { VolumeHu } from '../src/shared/volume/volume.ts';
import { varietyOf } from './choiceOf.ts';

const { values } = parseArgs({
  options: {
    checkpoint: { type: 'string' },
    recipe: { type: 'string' },
    model: { type: 'string' },
    first: { type: 'string', default: '5001' },
    count: { type: 'string', default: '20' },
    variety: { type: 'string', default: 'usual' },
    shift: { type: 'string', default: '3' },
    metrics: { type: 'string' },
    truth: { type: 'boolean', default: false },
  },
});
const variety = varietyOf(values.variety);

async function network() {
  if (values.checkpoint === undefined || values.recipe === undefined) {
    const { manifest, weights } = await loadModelOfKind('surroundings', values.model);
    return { spec: manifest.spec, weights };
  }
  const text = await readFile(values.recipe, 'utf8');
  const recipe = parseRecipe(text);
  if (recipe.kind !== 'surroundings') throw new TypeError('The recipe is of another kind.');
  const sha = createHash('sha256').update(text).digest('hex');
  return { spec: recipe.network, weights: (await readTrainedWeights(values.checkpoint, sha)).weights };
}

/** The spec that the bundled recipe trains; no weights. */
async function bundledSpec(): Promise<SurroundingsNetworkSpec> {
  const recipe = parseRecipe(await readFile('resources/recipes/laa-surroundings-64-septum.json', 'utf8'));
  if (recipe.kind !== 'surroundings') throw new TypeError('The recipe is of another kind.');
  return recipe.network;
}

const trained = values.truth ? undefined : await network();
const spec = trained?.spec ?? (await bundledSpec());
const engine = trained && (await createOnnxSurroundingsEngine(spec, trained.weights));

/** What the network sees of the scan, and a little more, at the scan's spacing. */
function scanGrid(centre: Vec3, inPlaneMm: number, sliceMm: number): GridLps {
  const spacingMm: Vec3 = [inPlaneMm, inPlaneMm, sliceMm];
  const edge = spec.edgeMm + 12;
  return {
    sizeIjk: perAxis((axis) => Math.ceil(edge / spacingMm[axis]) + 1),
    originLpsMm: perAxis((axis) => centre[axis] - edge / 2),
    spacingMm,
    directions: LPS_AXES,
  };
}

/** What is to be measured here. */
const UNKNOWN: SurroundingErrors = {
  circumflex: 0,
  leftSuperiorVein: 0,
  mitralAnnulus: 0,
  interatrialSeptum: 0,
};

async function findIn(
  scene: PhantomScene,
  { inPlaneMm, sliceMm }: { readonly inPlaneMm: number; readonly sliceMm: number },
  centre: Vec3,
  opened: SurroundingsEngine,
): Promise<SurroundingsField> {
  const grid = scanGrid(add(centre, SURROUNDINGS_CENTRE_MM), inPlaneMm, sliceMm);
  const data = renderCtBox(scene, grid, { from: [0, 0, 0], to: grid.sizeIjk });
  const volume: VolumeHu = { grid, data: Int16Array.from(data, Math.round) };
  return findSurroundings(volume, { engine: opened, spec }, centre);
}

function trueField(scene: PhantomScene, grid: GridLps): SurroundingsField {
  const { structures, reachMm } = spec;
  const mixed = surroundingDistances(scene, grid, structures);
  const voxels = mixed.length / structures.length;
  const distancesMm = Float32Array.from(mixed, (_, n) => {
    const value = mixed[(n % voxels) * structures.length + Math.floor(n / voxels)]!;
    return Math.max(-reachMm, Math.min(reachMm, value));
  });
  return { grid, reachMm, structures, distancesMm };
}

interface Row {
  /** Of the rim, mm: true, found; NaN where not found. */
  readonly rim: Record<
    string,
    { readonly trueMm: number; readonly foundMm: number; readonly readMm: number }
  >;
  readonly near: Record<string, number>;
  readonly dice: Record<string, number>;
}
const rows: Row[] = [];
const least = (list: Iterable<number>): number => {
  let result = Number.POSITIVE_INFINITY;
  for (const value of list) if (value < result) result = value;
  return result;
};
const quantile = (list: readonly number[], share: number): number =>
  [...list].sort((a, b) => a - b)[Math.round(share * (list.length - 1))] ?? Number.NaN;

/** From points to the surface that true distances at voxels show, mm. */
function nearestSurfaceMm(truth: Float32Array, grid: GridLps, from: readonly Vec3[]): number {
  const [ni, nj, nk] = grid.sizeIjk;
  let nearest = Number.POSITIVE_INFINITY;
  for (let v = ni * nj; v < ni * nj * (nk - 1); v++) {
    const [i, j] = [v % ni, Math.floor(v / ni) % nj];
    if (Math.abs(truth[v]!) > 2 || i === 0 || j === 0 || i === ni - 1 || j === nj - 1) continue;
    const slope = ([1, ni, ni * nj] as const).map(
      (step, axis) => (truth[v + step]! - truth[v - step]!) / (2 * grid.spacingMm[axis]!),
    );
    const steepness = Math.hypot(...slope);
    if (steepness < 0.4) continue;
    const voxel = ijkToLps(grid, [i, j, Math.floor(v / (ni * nj))]);
    const foot = perAxis((axis) => voxel[axis] - (slope[axis]! * truth[v]!) / steepness);
    nearest = Math.min(nearest, ...from.map((point) => distance(point, foot)));
  }
  return nearest;
}

for (let seed = Number(values.first); seed < Number(values.first) + Number(values.count); seed++) {
  const random = createRandom(seed).fork('surroundings bench');
  const drawn = drawAcquisitionSpacing(createRandom(seed).fork('spacing'), variety);
  // Finer pixels cost time and change nothing in a cube of these voxels.
  const spacing = {
    ...drawn,
    inPlaneMm: Math.max(0.7, drawn.inPlaneMm),
    sliceMm: Math.max(0.7, drawn.sliceMm),
  };
  const scene = buildScene(seed, { detail: 'thorax', variety, surroundings: true, spacing });
  const shift = Number(values.shift);
  const centre = add(
    appendageBounds(scene).centreLpsMm,
    perAxis(() => random.uniform(-shift, shift)),
  );
  const cubeCentre = add(centre, SURROUNDINGS_CENTRE_MM);
  const cube = boxGridLps(cubeBox(cubeCentre, spec.edgeMm), spec.resolution);
  const began = performance.now();
  const field = engine ? await findIn(scene, spacing, centre, engine) : trueField(scene, cube);
  const ms = performance.now() - began;
  const [n] = cube.sizeIjk;
  const points = new Float64Array(3 * n ** 3);
  for (let v = 0; v < n ** 3; v++) {
    points.set(ijkToLps(cube, [v % n, Math.floor(v / n) % n, Math.floor(v / n ** 2)]), 3 * v);
  }
  const { rimLpsMm } = trueOstium(scene);
  const rimPoints = Float64Array.from(rimLpsMm.flat());
  const row: Row = { rim: {}, near: {}, dice: {} };
  const words: string[] = [];
  const rim = Float32Array.from(rimPoints);
  const given = new Map<string, number | null>(
    ostiumDistances(surroundingPlaces(field, UNKNOWN, rimLpsMm), rim).map(({ structure, mm }) => [
      structure,
      mm,
    ]),
  );
  for (const structure of spec.structures) {
    const found = distancesOf(field, structure)!;
    const truth = surroundingDistance(scene, structure, points);
    const near: number[] = [];
    let [both, all] = [0, 0];
    for (let v = 0; v < truth.length; v++) {
      if (Math.abs(truth[v]!) < 4) near.push(Math.abs(truth[v]! - found[v]!));
      both += truth[v]! < 0 && found[v]! < 0 ? 2 : 0;
      all += (truth[v]! < 0 ? 1 : 0) + (found[v]! < 0 ? 1 : 0);
    }
    // The analytic distance is a bound only where it is long, as that to the septum is.
    const trueMm =
      structure === 'interatrialSeptum'
        ? nearestSurfaceMm(truth, cube, rimLpsMm)
        : least(surroundingDistance(scene, structure, rimPoints));
    // As the program gives it; of the atrium, which it gives no distance to, what the field says at the rim.
    const readMm = least(rimLpsMm.map((point) => valueAt(found, field.grid, point)));
    const foundMm = given.has(structure) ? (given.get(structure) ?? Number.NaN) : readMm;
    row.rim[structure] = { trueMm: Math.max(trueMm, 0), foundMm, readMm };
    row.near[structure] = near.reduce((a, b) => a + b, 0) / near.length;
    if (structure === 'leftAtrium' || structure === 'leftSuperiorVein') row.dice[structure] = both / all;
    words.push(
      `${structure} rim ${trueMm.toFixed(1)} given ${foundMm.toFixed(1)} read ${readMm.toFixed(1)} lowest ${least(found).toFixed(1)} near ${row.near[structure]!.toFixed(2)}${row.dice[structure] === undefined ? '' : ` Dice ${row.dice[structure]!.toFixed(3)}`}`,
    );
  }
  rows.push(row);
  console.log(`${seed}  slice ${spacing.sliceMm.toFixed(1)}  ${ms.toFixed(0)} ms  ${words.join('  |  ')}`);
}

const metrics: Record<string, number> = { phantoms: rows.length };
for (const structure of spec.structures) {
  const all = rows.map((row) => row.rim[structure]!);
  const asked = all.filter(({ foundMm }) => !Number.isNaN(foundMm));
  const errors = asked.map(({ trueMm, foundMm }) => Math.abs(foundMm - trueMm));
  const bias = asked.reduce((sum, { trueMm, foundMm }) => sum + foundMm - trueMm, 0) / asked.length;
  const numbers = {
    given: asked.length,
    rimErrorMedianMm: quantile(errors, 0.5),
    rimErrorP90Mm: quantile(errors, 0.9),
    rimErrorMaxMm: quantile(errors, 1),
    rimBiasMm: bias,
    readErrorMedianMm: quantile(
      all
        .filter(({ trueMm }) => trueMm < 12)
        .map(({ trueMm, readMm }) => Math.abs(Math.max(readMm, 0) - trueMm)),
      0.5,
    ),
    nearErrorMm: quantile(
      rows.map((row) => row.near[structure]!),
      0.5,
    ),
    diceMedian: quantile(
      rows.flatMap((row) => row.dice[structure] ?? []),
      0.5,
    ),
    diceLowest: quantile(
      rows.flatMap((row) => row.dice[structure] ?? []),
      0,
    ),
  };
  for (const [name, value] of Object.entries(numbers)) {
    if (Number.isFinite(value)) metrics[`${structure}_${name}`] = Number(value.toFixed(3));
  }
  console.log(
    `| ${structure} | ${Object.values(numbers)
      .map((value) => (Number.isFinite(value) ? value.toFixed(2) : '–'))
      .join(' | ')} |`,
  );
}
if (values.metrics !== undefined) await writeFile(values.metrics, `${JSON.stringify(metrics, null, 2)}\n`);
await engine?.free();
