/**
 * Where region networks find the appendage, side by side on the same phantoms: whether the cube that is placed there
 * holds all of the true surface, how far its centre lies from that of the surface, how sharply the find is marked, and
 * whether an appendage is marked more sharply where the scan is turned. A line a scan and network, then a table.
 *
 *   node bench/run.js regionAccuracy [--models DIR,DIR] [--first 101] [--count 20] [--variety usual|wide] [--matrix 192] [--rows FILE]
 *     [--render cpu|webgpu]
 *
 * `--models` names further folders with a region network each, beside the bundled one. The scans have fewer voxels than
 * those of bench/phantomAccuracy.ts: the network sees averages over more than a millimetre, and rendering takes the time.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { APPENDAGE_CUBE_EDGE_MM, lpsToNormalized } from '#main/surface/cropFrame.ts';
import { distance, perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { averageToGrid } from '#shared/volume/averageToGrid.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { loadModelOfKind } from '../src/main/models/modelRegistry.ts';
import { createOnnxRegionEngine } from '../src/main/nudf/engine/onnxRegionEngine.ts';
import { detectRegion } from '../src/main/nudf/region/detectRegion.ts';
import { borderBlur, clearerTurn, lookAt } from '../src/main/nudf/region/recognition.ts';
import { buildScene, drawAcquisitionSpacing, suggestedCtGrid } from '../src/main/phantom/anatomy/index.ts';
import { failureOf } from '../src/shared/errors.ts';
import { rendererOf, varietyOf } from './choiceOf.ts';
import { phantomTruth } from './phantomTruth.ts';
import { createScanRenderer } from './scanRenderer.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    first: { type: 'string', default: '101' },
    count: { type: 'string', default: '20' },
    variety: { type: 'string', default: 'wide' },
    matrix: { type: 'string', default: '192' },
    rows: { type: 'string' },
    render: { type: 'string', default: 'cpu' },
  },
});
const variety = varietyOf(values.variety);

/** What one network makes of one scan. */
interface RegionRow {
  readonly seed: number;
  readonly network: string;
  /** Why nothing was found. */
  readonly refused?: string;
  readonly holdsAll?: boolean;
  readonly offMm?: number;
  readonly confidence?: number;
  readonly blur?: number;
  /** The turn in which an appendage is marked more sharply. */
  readonly clearer?: string;
}

const networks = await Promise.all(
  [undefined, ...(values.models?.split(',') ?? [])].map(async (folder) => {
    const { manifest, weights } = await loadModelOfKind('region', undefined, withoutUndefined({ folder }));
    return {
      name: `${manifest.id} ${manifest.version}`,
      resolution: manifest.spec.resolution,
      engine: await createOnnxRegionEngine(manifest.spec, weights),
    };
  }),
);

async function found(
  { engine, resolution }: (typeof networks)[number],
  volume: VolumeHu,
  truth: TriangleMesh,
): Promise<Omit<RegionRow, 'seed' | 'network'>> {
  try {
    const region = await detectRegion(volume.grid, (grid) => averageToGrid(volume, grid), engine, resolution);
    const { centreLpsMm, confidence } = region;
    const trueLpsMm = truth.positionsLpsMm;
    const frame = { centreLpsMm, edgeMm: APPENDAGE_CUBE_EDGE_MM };
    let holdsAll = true;
    for (let at = 0; at < trueLpsMm.length && holdsAll; at += 3) {
      const point: Vec3 = [trueLpsMm[at]!, trueLpsMm[at + 1]!, trueLpsMm[at + 2]!];
      holdsAll = lpsToNormalized(frame, point).every((value) => Math.abs(value) <= 1);
    }
    const { low, high } = boundingBoxLpsMm(truth);
    const middle = perAxis((axis) => (low[axis] + high[axis]) / 2);
    const marked = await lookAt(volume, centreLpsMm, engine, resolution);
    const turned = await clearerTurn(volume, centreLpsMm, marked, engine, resolution);
    return {
      holdsAll,
      offMm: distance(centreLpsMm, middle),
      confidence,
      ...withoutUndefined({ blur: marked ? borderBlur(marked) : undefined }),
      ...withoutUndefined({ clearer: turned?.isClear ? turned.turn : undefined }),
    };
  } catch (thrown) {
    return { refused: failureOf(thrown).code };
  }
}

const renderer = await createScanRenderer(rendererOf(values.render));
const rows: RegionRow[] = [];
for (let index = 0; index < Number(values.count); index++) {
  const seed = Number(values.first) + index;
  const scene = buildScene(seed, { variety });
  const grid = suggestedCtGrid(
    scene,
    drawAcquisitionSpacing(createRandom(seed).fork('spacing'), variety),
    Number(values.matrix),
  );
  const volume: VolumeHu = { grid, data: await renderer.render(scene, grid) };
  const { closed } = await phantomTruth(scene, 64);
  for (const network of networks) {
    const row: RegionRow = { seed, network: network.name, ...(await found(network, volume, closed)) };
    rows.push(row);
    if (values.rows !== undefined) appendFileSync(values.rows, `${JSON.stringify(row)}\n`);
    const numbers = [row.offMm?.toFixed(1), row.confidence?.toFixed(2), row.blur?.toFixed(2)];
    console.log([seed, network.name, row.refused ?? row.holdsAll, ...numbers, row.clearer ?? ''].join('\t'));
  }
}
for (const { engine } of networks) await engine.free();
renderer.free();

const quantile = (list: number[], share: number): string =>
  list.length === 0
    ? '–'
    : list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(share * list.length))]!.toFixed(2);
console.log(
  '\n| network | scans | found | cube holds all | clearer when turned | centre off, mm: median (95th) | border, median (95th) | confidence, 5th |',
);
console.log('|---|--:|--:|--:|--:|---|---|---|');
for (const { name } of networks) {
  const of = rows.filter(({ network }) => network === name);
  const seen = of.filter(({ refused }) => refused === undefined);
  const off = seen.map(({ offMm }) => offMm!);
  const blur = seen.flatMap((row) => (row.blur === undefined ? [] : [row.blur]));
  const confidence = seen.map((row) => row.confidence!);
  const [holding, clearer] = [seen.filter((row) => row.holdsAll), seen.filter((row) => row.clearer)];
  console.log(
    `| ${[
      name,
      of.length,
      seen.length,
      holding.length,
      clearer.length,
      `${quantile(off, 0.5)} (${quantile(off, 0.95)})`,
      `${quantile(blur, 0.5)} (${quantile(blur, 0.95)})`,
      quantile(confidence, 0.05),
    ].join(' | ')} |`,
  );
}
