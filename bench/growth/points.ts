import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOnnxFieldEngine } from '#main/nudf/engine/onnxEngine.ts';
import { APPENDAGE_CUBE_EDGE_MM } from '#main/surface/cropFrame.ts';
import { extractAppendage } from '#main/surface/extraction/extractAppendage.ts';
import type { FieldFunction } from '#main/surface/field/fieldFunction.ts';
import { defaultCtSeriesMetadata, writeCtSlice } from '#shared/dicom/writeCtSlice.ts';
import { type GridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { faceCount } from '#shared/mesh/triangleMesh.ts';
import { FIELD_128 } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { createRandom } from '#shared/random/random.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';
import { appendageBounds, buildScene, suggestedCtGrid } from '../../src/main/phantom/anatomy/index.ts';
import { renderCt } from '../../src/main/phantom/renderCt.ts';
import { loadNetworkModels, openNetworks } from '../../src/main/pipeline/networks.ts';
import { segmentAppendage } from '../../src/main/pipeline/segmentAppendage.ts';
import { segmentStudy } from '../../src/main/pipeline/segmentStudy.ts';
import { settleCrop } from '../../src/main/pipeline/settleCrop.ts';
import { createStageClock } from '../../src/main/pipeline/stageClock.ts';

/** What one point of a curve costs. */
export interface PointCost {
  /** Processor seconds of all threads. */
  readonly seconds: number;
  /** What the seconds grow with, where that is not the curve's own axis: faces of the surface. */
  readonly cells?: number;
}

/** One size on one curve; what it needs beforehand does not count. */
export type Work = (size: number, folder: string) => Promise<PointCost>;

const SEED = 7;
/** The phantom that all scans show: 150 mm of it in voxels of about 1.5 mm. */
const SCAN_MATRIX = 128;

async function processorSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function phantomScan(): { volume: VolumeHu; centreLpsMm: Vec3 } {
  const scene = buildScene(SEED);
  const grid = suggestedCtGrid(scene, { inPlaneMm: 1.5, sliceMm: 1.5 }, SCAN_MATRIX);
  return { volume: { grid, data: renderCt(scene, grid) }, centreLpsMm: appendageBounds(scene).centreLpsMm };
}

/** The surface of a phantom by the bundled networks, from the encoded crop on. */
const networkSurface: Work = async (resolution) => {
  const { volume, centreLpsMm } = phantomScan();
  const networks = await openNetworks(await loadNetworkModels(), { engine: 'onnx' });
  const { engine, spec } = networks.field;
  const settled = await settleCrop(volume, engine, spec.resolution, centreLpsMm);
  let cells = 0;
  const seconds = await processorSeconds(async () => {
    const found = await extractAppendage((points) => settled.crop.evaluate(points), settled.frame, {
      resolution,
    });
    if (found.found) cells = faceCount(found.closed);
  });
  settled.crop.free();
  await networks.free();
  return { seconds, cells };
};

const HALF_MM = APPENDAGE_CUBE_EDGE_MM / 2;
/** Where the body of {@link lobedBody} is cut off, mm. */
const CUT_MM = -6;

/** The distances to a body with lobes that a plane cuts, mm, nearly. */
const lobedBody: FieldFunction = async (points) => {
  const signedMm = new Float32Array(points.length / 3);
  const unsignedMm = new Float32Array(signedMm.length);
  for (let at = 0; at < signedMm.length; at++) {
    const [x, y, z] = [
      points[3 * at]! * HALF_MM,
      points[3 * at + 1]! * HALF_MM,
      points[3 * at + 2]! * HALF_MM,
    ];
    const body =
      (Math.hypot(x, y, z) - 14 - 3 * Math.sin(x / 4) * Math.cos(y / 4) * Math.sin(z / 5 + 1)) / 1.3;
    signedMm[at] = Math.max(body, CUT_MM - z);
    unsignedMm[at] = z >= CUT_MM ? Math.abs(body) : Math.hypot(body, CUT_MM - z);
  }
  return { signedMm, unsignedMm };
};

/** The surface of a field that costs nothing to ask: extraction and measures alone. */
const givenSurface: Work = async (resolution) => {
  let cells = 0;
  const seconds = await processorSeconds(async () => {
    const frame = { centreLpsMm: [0, 0, 0] as const, edgeMm: APPENDAGE_CUBE_EDGE_MM };
    const found = await extractAppendage(lobedBody, frame, { resolution });
    if (found.found) cells = faceCount(found.closed);
  });
  return { seconds, cells };
};

/** Points along a surface asked of the network. */
const points: Work = async (count) => {
  const engine = await createOnnxFieldEngine(FIELD_128, initializeWeights(FIELD_128, 1));
  const crop = await engine.encode(
    Float32Array.from({ length: FIELD_128.resolution ** 3 }, (_, index) => 300 * Math.sin(index / 50)),
  );
  const side = Math.ceil(Math.sqrt(count));
  const asked = new Float32Array(3 * count);
  for (let point = 0; point < count; point++) {
    asked.set([(point % side) / side - 0.5, Math.floor(point / side) / side - 0.5, 0.1], 3 * point);
  }
  const chunk = 32_768;
  const seconds = await processorSeconds(async () => {
    for (let from = 0; from < count; from += chunk)
      await crop.evaluate(asked.subarray(3 * from, 3 * Math.min(count, from + chunk)));
  });
  crop.free();
  await engine.free();
  return { seconds };
};

/** Writes the phantom's scan as DICOM in n³ finer voxels of the same extent, with noise, a slice at a time. */
function writeStudy(folder: string, n: number): void {
  const { volume } = phantomScan();
  const { grid: coarse } = volume;
  const spacingMm = perAxis((axis) => (coarse.sizeIjk[axis] * coarse.spacingMm[axis]) / n);
  const grid: GridLps = { ...coarse, sizeIjk: [n, n, n], spacingMm };
  const data = new Int16Array(voxelCount(grid));
  const random = createRandom(SEED);
  const noise = Float32Array.from({ length: 65_521 }, () => random.normal(0, 15));
  const metadata = defaultCtSeriesMetadata(SEED, grid);
  mkdirSync(folder, { recursive: true });
  for (let k = 0; k < n; k++) {
    const slice = { ...grid, sizeIjk: [n, n, 1] as const, originLpsMm: ijkToLps(grid, [0, 0, k]) };
    const values = resampleTrilinear(volume, slice, OUTSIDE_HU);
    for (let pixel = 0, at = n * n * k; pixel < values.length; pixel++, at++) {
      data[at] = Math.round(Math.max(OUTSIDE_HU, values[pixel]! + noise[at % noise.length]!));
    }
    writeFileSync(
      join(folder, `slice${String(k).padStart(4, '0')}.dcm`),
      writeCtSlice({ grid, data }, k, metadata),
    );
  }
}

/** A study of n³ voxels on the disk; no cost of its own. */
export const studyFiles: Work = async (n, folder) => {
  writeStudy(folder, n);
  return { seconds: 0 };
};

/** From a folder of n³ voxels to the result and its report. */
const study: Work = async (_n, folder) => ({
  seconds: await processorSeconds(() => segmentStudy(folder, { engine: 'onnx', programVersion: 'bench' })),
});

/** One scan after the other in one process. */
const cases: Work = async (count) => {
  const { volume } = phantomScan();
  const networks = await openNetworks(await loadNetworkModels(), { engine: 'onnx' });
  const seconds = await processorSeconds(async () => {
    for (let at = 0; at < count; at++)
      await segmentAppendage(volume, networks, { clock: createStageClock(), resolution: 128 });
  });
  await networks.free();
  return { seconds };
};

export interface Curve {
  readonly name: string;
  /** What the horizontal axis counts. */
  readonly of: string;
  readonly sizes: readonly number[];
  readonly work: Work;
  /** Whether each point needs the files of {@link studyFiles}. */
  readonly needsStudy?: boolean;
  /** How many times as much a point holds as its size says: n³ voxels. */
  readonly amount?: (size: number) => number;
}

export const CURVES: Readonly<Record<string, Curve>> = {
  surface: {
    name: 'Surface by the bundled networks, from the encoded crop',
    of: 'cells along an edge',
    sizes: [64, 128, 256, 512],
    work: networkSurface,
  },
  extraction: {
    name: 'Surface of a field that costs nothing',
    of: 'cells along an edge',
    sizes: [64, 128, 256, 512],
    work: givenSurface,
  },
  points: {
    name: 'Points asked of the network',
    of: 'points',
    sizes: [10_000, 30_000, 100_000, 300_000, 1_000_000],
    work: points,
  },
  study: {
    name: 'Study, from DICOM to the report',
    of: 'voxels along an edge',
    sizes: [128, 192, 256, 384, 512],
    work: study,
    needsStudy: true,
    amount: (n) => n ** 3,
  },
  cases: {
    name: 'Scans in one process, one after the other',
    of: 'scans',
    sizes: [1, 3, 8],
    work: cases,
  },
};
