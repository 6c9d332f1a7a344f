import * as tf from '@tensorflow/tfjs-core';
import type { WebGpu } from '../../src/shared/nudf/engine/webgpuBackend.ts';

/** Time on the device of all dispatches of one program. */
export interface ProgramTime {
  readonly name: string;
  readonly count: number;
  readonly ms: number;
}

/** Passes of one measurement: a query set holds 4,096 times. */
const MOST_PASSES = 2048;

/**
 * Runs `work` with each dispatch in a pass of its own, between two timestamps.
 * @returns the programs by their labels, the longest first
 */
export async function gpuTimes(gpu: WebGpu, work: () => Promise<unknown>): Promise<ProgramTime[]> {
  const { device } = gpu;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * MOST_PASSES });
  const labels: string[] = [];
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder(descriptor);
    const beginComputePass = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = () => {
      const index = labels.length;
      labels.push('');
      if (index >= MOST_PASSES) return beginComputePass();
      const pass = beginComputePass({
        timestampWrites: {
          querySet,
          beginningOfPassWriteIndex: 2 * index,
          endOfPassWriteIndex: 2 * index + 1,
        },
      });
      const setPipeline = pass.setPipeline.bind(pass);
      pass.setPipeline = (pipeline) => {
        labels[index] = pipeline.label;
        setPipeline(pipeline);
      };
      return pass;
    };
    return encoder;
  };
  const submitSize = tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE');
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 1);
  try {
    await work();
  } finally {
    tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', submitSize);
    device.createCommandEncoder = createCommandEncoder;
  }
  const bytes = 16 * Math.min(labels.length, MOST_PASSES);
  const resolved = device.createBuffer({
    size: bytes,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const readable = device.createBuffer({
    size: bytes,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.resolveQuerySet(querySet, 0, bytes / 8, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, readable, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await readable.mapAsync(GPUMapMode.READ);
  const times = new BigUint64Array(readable.getMappedRange().slice(0));
  for (const buffer of [resolved, readable]) buffer.destroy();
  querySet.destroy();
  const byName = new Map<string, { count: number; ms: number }>();
  for (let index = 0; index < times.length / 2; index++) {
    const entry = byName.get(labels[index]!) ?? { count: 0, ms: 0 };
    entry.count++;
    entry.ms += Number(times[2 * index + 1]! - times[2 * index]!) / 1e6;
    byName.set(labels[index]!, entry);
  }
  return [...byName].map(([name, entry]) => ({ name, ...entry })).sort((a, b) => b.ms - a.ms);
}
