import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { RESAMPLE_SHADER } from './ctShaders.ts';
import {
  type BufferPart,
  createDispatcher,
  packWords,
  storageBuffer,
  uniformBuffer,
  writeWords,
} from './gpuCompute.ts';
import { type CropTruth, createGpuCrops, type GpuCrop } from './gpuCrops.ts';
import { acquisitionGrid, type CropAcquisition, cropInAcquisition } from './renderCrop.ts';
import { createCtGpu } from './renderCtGpu.ts';
import type { PhantomScene } from './scene.ts';
import { planCrop, type ScenePlan } from './scenePlan.ts';
import { BLOCKS_SHADER, PREFIX_SHADER, SCAN_GROUP, scanShader, scatterShader } from './surfelShaders.ts';
import { DEFAULT_SCAN, SURFEL_CAPACITY, SURFELS_PER_BLOCK } from './surfels.ts';
import { sampleShader } from './truthShader.ts';

export type { GpuCrop } from './gpuCrops.ts';

/** Training points to be drawn from a crop. */
export interface TruthRequest {
  readonly crop: GpuCrop;
  readonly seed: number;
  readonly count: number;
  /** count × 3 floats: points in the normalised frame; written, or read where `given`. Offsets are multiples of 256. */
  readonly pointsNormalized: BufferPart;
  /** count × 2 floats: signed distance to the lumen, unsigned distance to the wall, mm. */
  readonly targetsMm: BufferPart;
  /** Measure the points that are in the buffer already. */
  readonly given?: boolean;
}

export interface CropMakerOptions {
  readonly resolution: number;
  readonly edgeMm: number;
  /** Voxels along the edge of the scan for surfels; see ScanOptions. */
  readonly scanResolution?: number;
}

export interface CropMaker {
  /** Room for a crop; its HU go to `cropHu` (a multiple of 256 bytes into a storage buffer) or to a buffer of its own. */
  allocate(cropHu?: BufferPart): GpuCrop;
  /**
   * Renders a scene's cube into a crop and finds its surfels. Only submits: nothing is waited for or read back. With a
   * plan (planCrop of the same arguments) the scene may be without its shapes.
   */
  makeCrop(
    crop: GpuCrop,
    scene: PhantomScene,
    centreLpsMm: Vec3,
    acquisition: CropAcquisition,
    plan?: ScenePlan,
  ): void;
  /** Draws training points with their distances; all requests in one submission. */
  sampleTruth(requests: readonly TruthRequest[]): void;
  free(): void;
}

/** Makes training crops on a device: image, true surface and training points. Frees what it allocated. */
export function createCropMaker(device: GPUDevice, options: CropMakerOptions): CropMaker {
  const { resolution, edgeMm } = options;
  const scan = { resolution: options.scanResolution ?? DEFAULT_SCAN.resolution };
  const ct = createCtGpu(device);
  const crops = createGpuCrops(device, resolution, scan);
  const dispatcher = createDispatcher(device);
  const surfelFinder = createSurfelFinder(device, scan.resolution);
  const resampleSettings = uniformBuffer(device, 48, 'resample');
  const requestSettings: GPUBuffer[] = [];

  return {
    allocate: (cropHu) => crops.allocate(cropHu),
    makeCrop(crop, scene, centreLpsMm, acquisition, plan) {
      const truth = crops.truthOf(crop);
      const frame: CropFrame = { centreLpsMm, edgeMm };
      const planned = plan ?? planCrop(scene, frame, acquisition);
      crops.upload(truth, scene, planned.body, frame);
      const encoder = device.createCommandEncoder();
      const grid = acquisitionGrid(frame, acquisition);
      const image = ct.record(encoder, scene, grid, { from: [0, 0, 0], to: grid.sizeIjk }, planned);
      const { first, step } = cropInAcquisition(frame, resolution, grid);
      writeWords(
        device,
        resampleSettings,
        0,
        packWords([...first, 0, ...step, 0], [...grid.sizeIjk, resolution]),
      );
      const pass = encoder.beginComputePass();
      dispatcher.dispatch(
        pass,
        dispatcher.pipeline('resample', () => RESAMPLE_SHADER),
        [resampleSettings, image, crop.cropHu],
        [Math.ceil(resolution / 32), Math.ceil(resolution / 4), resolution],
      );
      surfelFinder.record(pass, crop, truth);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    sampleTruth(requests) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (const [index, { crop, seed, count, given, pointsNormalized, targetsMm }] of requests.entries()) {
        const truth = crops.truthOf(crop);
        requestSettings[index] ??= uniformBuffer(device, 16, 'truthRequest');
        const settings = requestSettings[index];
        writeWords(device, settings, 0, Uint32Array.of(seed >>> 0, count, given === true ? 1 : 0, 0));
        dispatcher.dispatch(
          pass,
          dispatcher.pipeline(`sample${truth.registerFile}`, () => sampleShader(truth.registerFile)),
          [
            ...[truth.settings, truth.code, truth.params, settings, crop.totals, crop.surfels],
            ...[truth.blocks, pointsNormalized, targetsMm],
          ],
          [Math.ceil(count / 64)],
        );
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    free() {
      crops.freeAll();
      surfelFinder.free();
      for (const buffer of [resampleSettings, ...requestSettings]) buffer.destroy();
      ct.free();
    },
  };
}

interface SurfelFinder {
  /** Records the passes that find a crop's surfels and their blocks. */
  record(pass: GPUComputePassEncoder, crop: GpuCrop, truth: CropTruth): void;
  free(): void;
}

/**
 * findSurfels on a device, in four passes that need no atomics, so that the order never depends on scheduling: which
 * voxels of the scan hold a surfel, how many lie before each group of 256 voxels, every surfel into its place, and the
 * bounding spheres of surfels in a row.
 */
function createSurfelFinder(device: GPUDevice, scanResolution: number): SurfelFinder {
  const scanVoxels = scanResolution ** 3;
  const groups = scanVoxels / SCAN_GROUP;
  const flags = storageBuffer(device, 4 * scanVoxels, 'scanFlags');
  const groupCounts = storageBuffer(device, 4 * groups, 'scanGroups');
  const groupCount = uniformBuffer(device, 16, 'scanGroupCount');
  writeWords(device, groupCount, 0, Uint32Array.of(groups, 0, 0, 0));
  const { dispatch, pipeline } = createDispatcher(device);
  const wide = Math.min(groups, 1024);
  const scanSize = [wide, groups / wide];
  return {
    record(pass, crop, truth) {
      const file = truth.registerFile;
      const field = [truth.settings, truth.code, truth.params];
      dispatch(
        pass,
        pipeline(`scan${file}`, () => scanShader(file)),
        [...field, flags, groupCounts],
        scanSize,
      );
      dispatch(
        pass,
        pipeline('prefix', () => PREFIX_SHADER),
        [groupCounts, crop.totals, groupCount],
        [1],
      );
      dispatch(
        pass,
        pipeline(`scatter${file}`, () => scatterShader(file)),
        [...field, flags, groupCounts, crop.surfels],
        scanSize,
      );
      dispatch(
        pass,
        pipeline('blocks', () => BLOCKS_SHADER),
        [crop.totals, crop.surfels, truth.blocks],
        [SURFEL_CAPACITY / SURFELS_PER_BLOCK / 64],
      );
    },
    free() {
      for (const buffer of [flags, groupCounts, groupCount]) buffer.destroy();
    },
  };
}
