import { version } from '../../../package.json';
import type { FindCentre } from '../preparation/caseMaterial.ts';

/** Finds the appendage with the bundled region network, on an engine that is opened for the scan and freed. */
export const findCentre: FindCentre = async ({ grid, data }, job) => {
  // Loaded only here: ONNX Runtime takes a while to start.
  const { createInferenceSession } = await import('../pipeline/inferenceSession.ts');
  const session = await createInferenceSession({ engine: 'onnx', programVersion: version, threads: 1 });
  try {
    const whole = data instanceof Int16Array ? data : rounded(data);
    const { centreLpsMm } = await session.findRegion({ grid, data: whole }, job);
    return centreLpsMm;
  } finally {
    await session.free();
  }
};

/** A loop, for `from` with a function takes many times as long. */
function rounded(values: Float32Array): Int16Array<ArrayBuffer> {
  const whole = new Int16Array(values.length);
  for (let voxel = 0; voxel < whole.length; voxel++) whole[voxel] = Math.round(values[voxel]!);
  return whole;
}
