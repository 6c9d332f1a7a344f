import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { scale } from '#shared/geometry/vec3.ts';
import {
  type BufferPart,
  bind,
  computePipeline,
  packWords,
  storageBuffer,
  uniformBuffer,
  writeWords,
} from './gpuCompute.ts';
import { BLOCK_SUBSTEPS, type BlockOptions, blockEdgeMm } from './renderBlock.ts';
import type { PhantomScene } from './scene.ts';
import { planBlock, type ScenePlan } from './scenePlan.ts';
import { interpreterWgsl, NOISE_WGSL, registerFileFor } from './sceneWgsl.ts';

const blockShader = (registerFile: number): string => /* wgsl */ `
struct Block {
  first: vec3f, inverseEdge: f32,
  alongI: vec3f, backgroundHu: f32,
  alongJ: vec3f, noiseSdHu: f32,
  alongK: vec3f, paddingHu: f32,
  ostium: vec3f, fieldRadius: f32,
  normal: vec3f, fieldX: f32,
  fieldY: f32, unused0: f32, unused1: f32, unused2: f32,
  size: vec3u, bodyFirst: u32,
  step: vec3u, bodyEnd: u32,
  regions: vec3u, bodyRegister: u32,
  noiseSeed: u32, unused3: u32, unused4: u32, unused5: u32,
}
@group(0) @binding(0) var<uniform> settings: Block;
@group(0) @binding(1) var<storage, read> code: array<vec4u>;
@group(0) @binding(2) var<storage, read> params: array<f32>;
@group(0) @binding(3) var<storage, read> ranges: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> hu: array<f32>;
@group(0) @binding(5) var<storage, read_write> appendage: array<f32>;
${NOISE_WGSL}
${interpreterWgsl(registerFile)}
fn sampleAt(f: vec3f) -> vec3f {
  return settings.first + settings.alongI * f.x + settings.alongJ * f.y + settings.alongK * f.z;
}
@compute @workgroup_size(4, 4, 4)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let region = (group * ${4 * BLOCK_SUBSTEPS}u) / settings.step;
  let range = ranges[region.x + settings.regions.x * (region.y + settings.regions.y * region.z)];
  if (any(id >= settings.size)) { return; }
  var sumHu = 0.0;
  var sumLumen = 0.0;
  // Twice the eight samples: tissues, then the lumen.
  for (var n = 0u; n < 16u; n++) {
    let offset = vec3u(n & 1u, (n >> 1u) & 1u, (n >> 2u) & 1u);
    let p = sampleAt(vec3f(${BLOCK_SUBSTEPS}u * id + offset));
    let lumen = n >= 8u;
    paintedHu = settings.backgroundHu;
    runTape(p, select(range.x, settings.bodyFirst, lumen), select(range.y, settings.bodyEnd, lumen), settings.inverseEdge);
    if (lumen) {
      let f = max(registers[settings.bodyRegister], dot(settings.ostium - p, settings.normal));
      sumLumen += clamp(0.5 - f * settings.inverseEdge, 0.0, 1.0);
    } else {
      sumHu += paintedHu;
    }
  }
  let voxel = id.x + settings.size.x * (id.y + settings.size.y * id.z);
  var value = sumHu / 8.0;
  if (settings.noiseSdHu > 0.0) { value += settings.noiseSdHu * whiteNoise(vec3i(id), settings.noiseSeed); }
  let middle = sampleAt(vec3f(${BLOCK_SUBSTEPS}u * id) + 0.5);
  let aside = middle.xy - vec2f(settings.fieldX, settings.fieldY);
  if (settings.fieldRadius > 0.0 && dot(aside, aside) > settings.fieldRadius * settings.fieldRadius) {
    value = settings.paddingHu;
  }
  hu[voxel] = value;
  appendage[voxel] = sumLumen / 8.0;
}
`;

export interface BlockMaker {
  /**
   * Renders {@link import('./renderBlock.ts').renderBlock} into storage buffers (a float per voxel, i fastest; offsets
   * are multiples of 256). Only submits.
   */
  makeBlock(
    scene: PhantomScene,
    grid: GridLps,
    into: { readonly hu: BufferPart; readonly appendage: BufferPart },
    options?: BlockOptions,
    /** planBlock of the scene and the grid; with it the scene may be without its shapes. */
    plan?: ScenePlan,
  ): void;
  free(): void;
}

export function createBlockMaker(device: GPUDevice): BlockMaker {
  const pipelines = new Map<number, GPUComputePipeline>();
  const settings = uniformBuffer(device, 256, 'blockSettings');
  const buffers = new Map<string, GPUBuffer>();
  const upload = (name: string, data: Uint32Array | Float32Array): GPUBuffer => {
    let buffer = buffers.get(name);
    if (buffer === undefined || buffer.size < data.byteLength) {
      buffer?.destroy();
      buffer = storageBuffer(device, 1.5 * data.byteLength, name);
      buffers.set(name, buffer);
    }
    writeWords(device, buffer, 0, data);
    return buffer;
  };
  return {
    makeBlock(scene, grid, into, options = {}, plan = planBlock(scene, grid)) {
      const { paint: program, body, regions } = plan;
      const edgeMm = blockEdgeMm(grid);
      const code = new Uint32Array(regions.code.length + body.code.length);
      code.set(regions.code);
      code.set(body.code, regions.code.length);
      const corner = 0.5 / BLOCK_SUBSTEPS - 0.5;
      const first = ijkToLps(grid, [corner, corner, corner]);
      const along = grid.directions.map((direction, axis) =>
        scale(direction, grid.spacingMm[axis]! / BLOCK_SUBSTEPS),
      );
      const { fieldOfView, noiseSeed } = scene.acquisition;
      const words = packWords(
        [
          ...[...first, 1 / edgeMm, ...along[0]!, scene.backgroundHu, ...along[1]!, options.noiseSdHu ?? 0],
          ...[...along[2]!, fieldOfView?.paddingHu ?? 0],
          ...[...scene.appendage.ostiumPointLpsMm, fieldOfView?.radiusMm ?? 0],
          ...[...scene.appendage.ostiumNormal, fieldOfView?.centreLpsMm[0] ?? 0],
          ...[fieldOfView?.centreLpsMm[1] ?? 0, 0, 0, 0],
        ],
        [
          ...[...grid.sizeIjk, regions.code.length / 4, ...regions.step, code.length / 4],
          ...[...regions.count, body.outputs[0]!, noiseSeed >>> 0, 0, 0, 0],
        ],
      );
      writeWords(device, settings, 0, words);
      const file = registerFileFor(Math.max(program.registerCount, body.registerCount));
      const pipeline = pipelines.get(file) ?? computePipeline(device, blockShader(file), `block${file}`);
      pipelines.set(file, pipeline);
      const group = bind(device, pipeline, [
        ...[
          settings,
          upload('code', code),
          upload('params', program.params),
          upload('ranges', regions.ranges),
        ],
        ...[into.hu, into.appendage],
      ]);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      const [ni, nj, nk] = grid.sizeIjk;
      pass.dispatchWorkgroups(Math.ceil(ni / 4), Math.ceil(nj / 4), Math.ceil(nk / 4));
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    free() {
      for (const buffer of [settings, ...buffers.values()]) buffer.destroy();
    },
  };
}
