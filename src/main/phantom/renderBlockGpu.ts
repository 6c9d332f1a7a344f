import type { SurroundingName } from '#shared/anatomy/surroundings.ts';
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
import { planBlock, planSurroundings, type ScenePlan } from './scenePlan.ts';
import { interpreterWgsl, NOISE_WGSL, registerFileFor } from './sceneWgsl.ts';
import { ABSENT_MM, surroundingShapes } from './surroundingDistances.ts';

/** The most structures whose distances are taken together. */
const MOST_BODIES = 8;

/** The lumen's share of a voxel, from its eight samples. */
const APPENDAGE_WGSL = /* wgsl */ `
fn writeLabels(voxel: u32, id: vec3u) {
  var sum = 0.0;
  for (var n = 0u; n < 8u; n++) {
    let offset = vec3u(n & 1u, (n >> 1u) & 1u, (n >> 2u) & 1u);
    let p = sampleAt(vec3f(${BLOCK_SUBSTEPS}u * id + offset));
    runTape(p, settings.bodyFirst, settings.bodyEnd, settings.inverseEdge);
    let f = max(registers[settings.bodies[0].x], dot(settings.ostium - p, settings.normal));
    sum += clamp(0.5 - f * settings.inverseEdge, 0.0, 1.0);
  }
  labels[voxel] = sum / 8.0;
}
`;

/** The distances from a voxel's centre; surroundingDistances.ts says how. */
const SURROUNDINGS_WGSL = /* wgsl */ `
fn writeLabels(voxel: u32, id: vec3u) {
  let p = sampleAt(vec3f(${BLOCK_SUBSTEPS}u * id) + 0.5);
  runTape(p, settings.bodyFirst, settings.bodyEnd, settings.inverseEdge);
  for (var n = 0u; n < settings.bodyCount; n++) {
    let body = settings.bodies[n];
    var value = ${ABSENT_MM}.0;
    if (body.z > 0u) { value = registers[body.x]; }
    if (body.z > 1u) {
      let other = registers[body.y];
      value = length(max(vec2f(value, other), vec2f(0.0))) + min(max(value, other), 0.0);
    }
    labels[voxel * settings.bodyCount + n] = value;
  }
}
`;

const blockShader = (registerFile: number, labelsWgsl: string): string => /* wgsl */ `
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
  regions: vec3u, bodyCount: u32,
  noiseSeed: u32, unused3: u32, unused4: u32, unused5: u32,
  // Of each body: its one or two registers, and how many it has.
  bodies: array<vec4u, ${MOST_BODIES}>,
}
@group(0) @binding(0) var<uniform> settings: Block;
@group(0) @binding(1) var<storage, read> code: array<vec4u>;
@group(0) @binding(2) var<storage, read> params: array<f32>;
@group(0) @binding(3) var<storage, read> ranges: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> hu: array<f32>;
@group(0) @binding(5) var<storage, read_write> labels: array<f32>;
${NOISE_WGSL}
${interpreterWgsl(registerFile)}
fn sampleAt(f: vec3f) -> vec3f {
  return settings.first + settings.alongI * f.x + settings.alongJ * f.y + settings.alongK * f.z;
}
${labelsWgsl}
@compute @workgroup_size(4, 4, 4)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let region = (group * ${4 * BLOCK_SUBSTEPS}u) / settings.step;
  let range = ranges[region.x + settings.regions.x * (region.y + settings.regions.y * region.z)];
  if (any(id >= settings.size)) { return; }
  var sumHu = 0.0;
  for (var n = 0u; n < 8u; n++) {
    let offset = vec3u(n & 1u, (n >> 1u) & 1u, (n >> 2u) & 1u);
    paintedHu = settings.backgroundHu;
    runTape(sampleAt(vec3f(${BLOCK_SUBSTEPS}u * id + offset)), range.x, range.y, settings.inverseEdge);
    sumHu += paintedHu;
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
  writeLabels(voxel, id);
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
  /**
   * The same with {@link import('./surroundingDistances.ts').surroundingDistances} in place of the appendage.
   * @param plan planSurroundings of the scene, the grid and the structures
   */
  makeSurroundings(
    scene: PhantomScene,
    grid: GridLps,
    structures: readonly SurroundingName[],
    into: { readonly hu: BufferPart; readonly distances: BufferPart },
    options?: BlockOptions,
    plan?: ScenePlan,
  ): void;
  free(): void;
}

/** What is written beside the HU: the shader's part, where to, and the registers of each body. */
interface Labels {
  readonly name: string;
  readonly wgsl: string;
  readonly into: BufferPart;
  readonly bodies: readonly (readonly number[])[];
}

export function createBlockMaker(device: GPUDevice): BlockMaker {
  const pipelines = new Map<string, GPUComputePipeline>();
  const settings = uniformBuffer(device, 320, 'blockSettings');
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
  const make = (
    scene: PhantomScene,
    grid: GridLps,
    hu: BufferPart,
    labels: Labels,
    options: BlockOptions,
    plan: ScenePlan,
  ): void => {
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
        ...[...regions.count, labels.bodies.length, noiseSeed >>> 0, 0, 0, 0],
        ...labels.bodies.flatMap((registers) => [registers[0] ?? 0, registers[1] ?? 0, registers.length, 0]),
      ],
    );
    writeWords(device, settings, 0, words);
    const file = registerFileFor(Math.max(program.registerCount, body.registerCount));
    const key = `${labels.name}${file}`;
    const pipeline = pipelines.get(key) ?? computePipeline(device, blockShader(file, labels.wgsl), key);
    pipelines.set(key, pipeline);
    const group = bind(device, pipeline, [
      ...[settings, upload('code', code), upload('params', program.params), upload('ranges', regions.ranges)],
      ...[hu, labels.into],
    ]);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    const [ni, nj, nk] = grid.sizeIjk;
    pass.dispatchWorkgroups(Math.ceil(ni / 4), Math.ceil(nj / 4), Math.ceil(nk / 4));
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
  return {
    makeBlock(scene, grid, { hu, appendage }, options = {}, plan = planBlock(scene, grid)) {
      const labels = {
        wgsl: APPENDAGE_WGSL,
        name: 'appendage',
        into: appendage,
        bodies: [plan.body.outputs],
      };
      make(scene, grid, hu, labels, options, plan);
    },
    makeSurroundings(
      scene,
      grid,
      structures,
      { hu, distances },
      options = {},
      plan = planSurroundings(scene, grid, structures),
    ) {
      let next = 0;
      const bodies = surroundingShapes(scene, structures).map((names) => {
        const first = next;
        next += names.length;
        return plan.body.outputs.slice(first, next);
      });
      make(
        scene,
        grid,
        hu,
        { wgsl: SURROUNDINGS_WGSL, name: 'surroundings', into: distances, bodies },
        options,
        plan,
      );
    },
    free() {
      for (const buffer of [settings, ...buffers.values()]) buffer.destroy();
    },
  };
}
