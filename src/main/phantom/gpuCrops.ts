import { subtract } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import {
  type BufferPart,
  packWords,
  refilled,
  storageBuffer,
  uniformBuffer,
  writeWords,
} from './gpuCompute.ts';
import type { Program } from './program.ts';
import type { PhantomScene } from './scene.ts';
import { registerFileFor } from './sceneWgsl.ts';
import {
  type ScanOptions,
  SURFEL_CAPACITY,
  SURFEL_WORDS,
  SURFELS_PER_BLOCK,
  scanVoxelMm,
} from './surfels.ts';

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

/** A crop's truth as buffers: what only its maker touches. */
export interface CropTruth {
  readonly settings: GPUBuffer;
  /** Bounding spheres of surfels in a row. */
  readonly blocks: GPUBuffer;
  /** The program of the appendage's body. */
  code: GPUBuffer;
  params: GPUBuffer;
  /** Registers that the program needs, rounded up to a size that a shader is compiled for. */
  registerFile: number;
}

/** The crops of one maker: the owner of their buffers. */
export interface GpuCrops {
  /** Room for a crop; its HU go to `cropHu` or to a buffer of its own. */
  allocate(cropHu?: BufferPart): GpuCrop;
  /** @throws RangeError for a crop that was freed or belongs to another maker. */
  truthOf(crop: GpuCrop): CropTruth;
  /** Uploads the body's program and the place of cube and ostium plane. */
  upload(truth: CropTruth, scene: PhantomScene, body: Program, frame: CropFrame): void;
  freeAll(): void;
}

export function createGpuCrops(device: GPUDevice, resolution: number, scan: ScanOptions): GpuCrops {
  const truths = new Map<GpuCrop, CropTruth>();
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
    truthOf(crop) {
      const truth = truths.get(crop);
      if (truth === undefined) throw new RangeError('The crop was freed, or belongs to another maker.');
      return truth;
    },
    upload(truth, scene, body, frame) {
      const { ostiumPointLpsMm, ostiumNormal } = scene.appendage;
      const voxelMm = scanVoxelMm(frame, scan);
      truth.registerFile = registerFileFor(body.registerCount);
      truth.code = refilled(device, truth.code, body.code);
      truth.params = refilled(device, truth.params, body.params);
      // In the order of the struct Truth in bodyWgsl.ts.
      const words = packWords(
        [
          ...[...frame.centreLpsMm, frame.edgeMm / 2],
          ...[...subtract(ostiumPointLpsMm, frame.centreLpsMm), voxelMm],
          ...[...ostiumNormal, (-voxelMm * (scan.resolution - 1)) / 2],
        ],
        [body.code.length / 4, body.outputs[0]!, scan.resolution, 0],
      );
      writeWords(device, truth.settings, 0, words);
    },
    freeAll() {
      for (const crop of [...truths.keys()]) crop.free();
    },
  };
}
