import { subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { RESAMPLE_SHADER } from './ctShaders.ts';
import {
  type BufferPart,
  bind,
  computePipeline,
  packWords,
  storageBuffer,
  uniformBuffer,
  writeWords,
} from './gpuCompute.ts';
import type { Program } from './program.ts';
import { acquisitionGrid, type CropAcquisition, cropInAcquisition } from './renderCrop.ts';
import { createCtGpu } from './renderCtGpu.ts';
import type { PhantomScene } from './scene.ts';
import { planCrop, type ScenePlan } from './scenePlan.ts';
import { registerFileFor } from './sceneWgsl.ts';
import { BLOCKS_SHADER, PREFIX_SHADER, SCAN_GROUP, scanShader, scatterShader } from './surfelShaders.ts';
import { DEFAULT_SCAN, SURFEL_CAPACITY, SURFEL_WORDS, SURFELS_PER_BLOCK, scanVoxelMm } from './surfels.ts';
import { sampleShader } from './truthShader.ts';

const TRUTH_SETTINGS_BYTES = 64;
const BLOCK_BYTES = 32;

/** What a device holds of one training crop. */
export interface GpuCrop {
  /** resolution³ floats, HU, x fastest, on cropGrid. */
  readonly cropHu: BufferPart;
  /** Eight floats each, see Surfels; as many as `totals` says. */
  readonly surfels: GPUBuffer;
  /** Four whole numbers: surfels, blocks of surfels, surfels that were found (more than kept if the capacity ran out), 0. */
  readonly totals: GPUBuffer;
  /** Destroys the crop's buffers, not one that was given to allocate. */
  free(): void;
}

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

/** A crop's private part: its truth as buffers. */
interface CropTruth {
  readonly settings: GPUBuffer;
  readonly blocks: GPUBuffer;
  code: GPUBuffer;
  params: GPUBuffer;
  registerFile: number;
}

export function createCropMaker(device: GPUDevice, options: CropMakerOptions): CropMaker {
  const { resolution, edgeMm } = options;
  const scan = { resolution: options.scanResolution ?? DEFAULT_SCAN.resolution };
  const scanVoxels = scan.resolution ** 3;
  const groups = scanVoxels / SCAN_GROUP;
  const ct = createCtGpu(device);
  const truths = new Map<GpuCrop, CropTruth>();
  const pipelines = new Map<string, GPUComputePipeline>();
  const flags = storageBuffer(device, 4 * scanVoxels, 'scanFlags');
  const groupCounts = storageBuffer(device, 4 * groups, 'scanGroups');
  const groupCount = uniformBuffer(device, 16, 'scanGroupCount');
  writeWords(device, groupCount, 0, Uint32Array.of(groups, 0, 0, 0));
  const resampleSettings = uniformBuffer(device, 48, 'resample');
  const requestSettings: GPUBuffer[] = [];

  const pipeline = (name: string, code: () => string): GPUComputePipeline => {
    let known = pipelines.get(name);
    if (known === undefined) {
      known = computePipeline(device, code(), name);
      pipelines.set(name, known);
    }
    return known;
  };
  const dispatch = (
    pass: GPUComputePassEncoder,
    program: GPUComputePipeline,
    resources: readonly (GPUBuffer | BufferPart)[],
    size: readonly number[],
  ): void => {
    pass.setPipeline(program);
    pass.setBindGroup(0, bind(device, program, resources));
    pass.dispatchWorkgroups(size[0]!, size[1] ?? 1, size[2] ?? 1);
  };
  const truthOf = (crop: GpuCrop): CropTruth => {
    const truth = truths.get(crop);
    if (truth === undefined) throw new RangeError('The crop was freed, or belongs to another maker.');
    return truth;
  };
  /** The buffer with the data, another one if it has grown too large. */
  const refilled = (buffer: GPUBuffer, data: Uint32Array | Float32Array): GPUBuffer => {
    let target = buffer;
    if (target.size < data.byteLength) {
      target.destroy();
      target = storageBuffer(device, 2 * data.byteLength, buffer.label);
    }
    writeWords(device, target, 0, data);
    return target;
  };
  const uploadTruth = (truth: CropTruth, scene: PhantomScene, body: Program, frame: CropFrame): void => {
    const { ostiumPointLpsMm, ostiumNormal } = scene.appendage;
    const voxelMm = scanVoxelMm(frame, scan);
    truth.registerFile = registerFileFor(body.registerCount);
    truth.code = refilled(truth.code, body.code);
    truth.params = refilled(truth.params, body.params);
    const words = packWords(
      [
        ...[...frame.centreLpsMm, edgeMm / 2],
        ...[...subtract(ostiumPointLpsMm, frame.centreLpsMm), voxelMm],
        ...[...ostiumNormal, (-voxelMm * (scan.resolution - 1)) / 2],
      ],
      [body.code.length / 4, body.outputs[0]!, scan.resolution, 0],
    );
    writeWords(device, truth.settings, 0, words);
  };

  return {
    allocate(cropHu) {
      const bytes = 4 * resolution ** 3;
      const own = cropHu === undefined ? storageBuffer(device, bytes, 'cropHu') : undefined;
      const truth: CropTruth = {
        settings: uniformBuffer(device, TRUTH_SETTINGS_BYTES, 'truth'),
        blocks: storageBuffer(device, (BLOCK_BYTES * SURFEL_CAPACITY) / SURFELS_PER_BLOCK, 'blocks'),
        code: storageBuffer(device, 4096, 'bodyCode'),
        params: storageBuffer(device, 65536, 'bodyParams'),
        registerFile: 0,
      };
      const crop: GpuCrop = {
        cropHu: cropHu ?? { buffer: own!, offset: 0, size: bytes },
        surfels: storageBuffer(device, 4 * SURFEL_WORDS * SURFEL_CAPACITY, 'surfels'),
        totals: storageBuffer(device, 16, 'surfelTotals'),
        free() {
          if (!truths.delete(crop)) return;
          own?.destroy();
          for (const buffer of [
            crop.surfels,
            crop.totals,
            truth.settings,
            truth.blocks,
            truth.code,
            truth.params,
          ]) {
            buffer.destroy();
          }
        },
      };
      truths.set(crop, truth);
      return crop;
    },
    makeCrop(crop, scene, centreLpsMm, acquisition, plan) {
      const truth = truthOf(crop);
      const frame: CropFrame = { centreLpsMm, edgeMm };
      const planned = plan ?? planCrop(scene, frame, acquisition);
      uploadTruth(truth, scene, planned.body, frame);
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
      dispatch(
        pass,
        pipeline('resample', () => RESAMPLE_SHADER),
        [resampleSettings, image, crop.cropHu],
        [Math.ceil(resolution / 32), Math.ceil(resolution / 4), resolution],
      );
      const file = truth.registerFile;
      const field = [truth.settings, truth.code, truth.params];
      const wide = Math.min(groups, 1024);
      const scanSize = [wide, groups / wide];
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
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    sampleTruth(requests) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (const [index, request] of requests.entries()) {
        const truth = truthOf(request.crop);
        requestSettings[index] ??= uniformBuffer(device, 16, 'truthRequest');
        const settings = requestSettings[index];
        writeWords(
          device,
          settings,
          0,
          Uint32Array.of(request.seed >>> 0, request.count, request.given === true ? 1 : 0, 0),
        );
        dispatch(
          pass,
          pipeline(`sample${truth.registerFile}`, () => sampleShader(truth.registerFile)),
          [
            ...[
              truth.settings,
              truth.code,
              truth.params,
              settings,
              request.crop.totals,
              request.crop.surfels,
            ],
            ...[truth.blocks, request.pointsNormalized, request.targetsMm],
          ],
          [Math.ceil(request.count / 64)],
        );
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    free() {
      for (const crop of [...truths.keys()]) crop.free();
      for (const buffer of [flags, groupCounts, groupCount, resampleSettings, ...requestSettings])
        buffer.destroy();
      ct.free();
    },
  };
}
