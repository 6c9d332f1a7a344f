import { bind, computePipeline, readWords, storageBuffer, writeWords } from '../gpuCompute.ts';
import { shapeProgram } from '../program.ts';
import { interpreterWgsl, NOISE_WGSL, registerFileFor } from '../sceneWgsl.ts';
import type { Tape } from '../tape.ts';

/** A storage buffer that holds the data. */
function bufferOf(device: GPUDevice, data: Uint32Array | Float32Array, label: string): GPUBuffer {
  const buffer = storageBuffer(device, data.byteLength, label);
  writeWords(device, buffer, 0, data);
  return buffer;
}

/** Values in mm of one named shape at 3·N points, LPS mm, evaluated on the GPU. */
export async function evaluateNamedGpu(
  device: GPUDevice,
  tape: Tape,
  name: string,
  pointsLpsMm: Float32Array,
): Promise<Float32Array> {
  const program = shapeProgram(tape, [name]);
  const count = pointsLpsMm.length / 3;
  const shader = `
@group(0) @binding(0) var<storage, read> code: array<vec4u>;
@group(0) @binding(1) var<storage, read> params: array<f32>;
@group(0) @binding(2) var<storage, read> points: array<f32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;
${NOISE_WGSL}
${interpreterWgsl(registerFileFor(program.registerCount))}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${count}u) { return; }
  runTape(vec3f(points[3u * n], points[3u * n + 1u], points[3u * n + 2u]), 0u, ${program.code.length / 4}u, 1.0);
  values[n] = registers[${program.outputs[0]}];
}`;
  const pipeline = computePipeline(device, shader, 'evaluateNamed');
  const buffers = [
    bufferOf(device, program.code, 'code'),
    bufferOf(device, program.params, 'params'),
    bufferOf(device, pointsLpsMm, 'points'),
    storageBuffer(device, 4 * count, 'values'),
  ];
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bind(device, pipeline, buffers));
  pass.dispatchWorkgroups(Math.ceil(count / 64));
  pass.end();
  device.queue.submit([encoder.finish()]);
  const values = new Float32Array(await readWords(device, buffers[3]!, 0, 4 * count));
  for (const buffer of buffers) buffer.destroy();
  return values;
}
