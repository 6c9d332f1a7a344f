import * as tf from '@tensorflow/tfjs-core';
import { throwIfCancelled } from '#shared/errors.ts';
import { familyFields } from '../family/familyFields.ts';
import { createFamilyNetwork } from '../family/familyNetwork.ts';
import { dualFieldSamples, type FieldSamples, joinSamples } from '../fieldSamples.ts';
import { createFieldNetwork } from '../network/fieldNetwork.ts';
import type { NetworkOps } from '../network/networkOps.ts';
import { disposeParameters, type NetworkParameters, parametersFrom } from '../network/networkParameters.ts';
import type { RegionNetworkSpec } from '../network/networkSpec.ts';
import { createRegionNetwork } from '../network/regionNetwork.ts';
import type { WeightMap } from '../network/weightLayout.ts';
import { assertWeightsFit, outputCount } from '../network/weightLayout.ts';
import { assertDistanceWeightsFit, type DistanceSpec, isUnsignedNetwork } from './distanceSpec.ts';
import type { EncodedCrop, EngineId, FieldEngine, RegionEngine } from './fieldEngine.ts';
import { assertBlock, countPoints, normalizeHu } from './normalizeHu.ts';
import { WARM_UP_POINTS } from './warmUpPoints.ts';

/** A TensorFlow.js backend, as an engine needs it. */
export interface TensorflowHost {
  readonly id: EngineId;
  /** The device in words, for the report. */
  readonly device: string;
  /** The backend's name: 'webgpu', 'tensorflow' or, in tests, 'cpu'. */
  readonly backendName: string;
  readonly ops: NetworkOps;
  /** Points decoded at once. */
  readonly chunkPoints: number;
  /** So many chunks are given to the device before their values are waited for; 1 where a cancel must not wait for more. */
  readonly chunksAtOnce: number;
  /** Compiles what a computation needs, side by side, without running it; left out where nothing is to be compiled. */
  readonly compileAhead?: (compute: () => void) => Promise<void>;
  /** Runs GPU work and turns lack of memory, or a lost device, into a DeviceFailure. */
  guard<T>(work: () => Promise<T>): Promise<T>;
}

/** Runs work on the host's backend, whichever was current before. */
const onBackend = <T>(host: TensorflowHost, work: () => Promise<T>): Promise<T> =>
  host.guard(async () => {
    if (tf.getBackend() !== host.backendName) await tf.setBackend(host.backendName);
    return work();
  });

/** HU, x fastest → [1, D, H, W, 1] on the backend; normalised where `clipHu` is given, else as they are. */
function imageTensor(blockHu: Float32Array, resolution: number, clipHu?: number): tf.Tensor5D {
  assertBlock(blockHu, resolution);
  const image = clipHu === undefined ? blockHu.slice() : new Float32Array(blockHu.length);
  if (clipHu !== undefined) normalizeHu(blockHu, clipHu, image);
  return tf.tensor5d(image, [1, resolution, resolution, resolution, 1]);
}

/** What an engine needs of a network, whichever it is. Tensors that it returns are the caller's to dispose. */
interface DistanceNetwork {
  /** @returns the levels of the pyramid, the image itself first */
  encode(cropHu: Float32Array): tf.Tensor5D[];
  /** @param points [1, P, 3] @returns the outputs, point by point */
  decode(levels: readonly tf.Tensor5D[], points: tf.Tensor3D): tf.Tensor;
  /** The outputs as distances in mm. */
  fields(outputs: Float32Array): FieldSamples;
}

function distanceNetwork(
  spec: DistanceSpec,
  parameters: NetworkParameters,
  ops: NetworkOps,
): DistanceNetwork {
  if (spec.kind === 'nudf-dual') {
    const { encode, decode } = createFieldNetwork(spec, parameters, ops);
    return {
      encode: (cropHu) => encode(imageTensor(cropHu, spec.resolution, spec.clipHu)),
      decode,
      fields: (outputs) => dualFieldSamples(outputs, spec.unitMm, outputCount(spec)),
    };
  }
  const { encode, decode } = createFamilyNetwork(spec, parameters, ops);
  return {
    encode: (cropHu) => encode(imageTensor(cropHu, spec.resolution)),
    decode,
    fields: (outputs) => familyFields(outputs, spec.heads, spec.unitMm),
  };
}

/** Has the host compile what a new network needs; where that fails its parameters are freed. */
async function compileFor(host: TensorflowHost, parameters: NetworkParameters, compute: () => void) {
  const { compileAhead } = host;
  if (!compileAhead) return;
  try {
    await onBackend(host, () => compileAhead(() => tf.tidy(compute)));
  } catch (thrown) {
    disposeParameters(parameters);
    throw thrown;
  }
}

/** A network of distances on a TensorFlow.js backend. Freeing the engine leaves the backend to its owner. */
export async function createTensorflowFieldEngine(
  host: TensorflowHost,
  spec: DistanceSpec,
  weights: WeightMap,
): Promise<FieldEngine> {
  assertDistanceWeightsFit(spec, weights);
  const parameters = await onBackend(host, async () => parametersFrom(weights));
  const network = distanceNetwork(spec, parameters, host.ops);
  await compileFor(host, parameters, () => {
    const levels = network.encode(new Float32Array(spec.resolution ** 3));
    for (const count of WARM_UP_POINTS) network.decode(levels, tf.zeros([1, count, 3]));
  });
  let isFreed = false;

  const encodedCrop = (levels: readonly tf.Tensor5D[]): EncodedCrop => {
    let isCropFreed = false;
    return {
      async evaluate(pointsNormalized, signal) {
        const total = countPoints(pointsNormalized);
        const parts: FieldSamples[] = [];
        const read = async (first: number): Promise<Float32Array> => {
          const count = Math.min(host.chunkPoints, total - first);
          const coordinates = pointsNormalized.slice(3 * first, 3 * (first + count));
          const output = tf.tidy(() => network.decode(levels, tf.tensor3d(coordinates, [1, count, 3])));
          try {
            return await output.data<'float32'>();
          } finally {
            output.dispose();
          }
        };
        for (let first = 0; first < total; ) {
          if (isFreed || isCropFreed) throw new Error('The encoded crop has been freed.');
          throwIfCancelled(signal);
          const starts: number[] = [];
          for (; first < total && starts.length < host.chunksAtOnce; first += host.chunkPoints)
            starts.push(first);
          // Each chunk is submitted before the next is decoded, so that all of them share the device's buffers.
          const outputs = await onBackend(host, () => Promise.all(starts.map(read)));
          for (const values of outputs) parts.push(network.fields(values));
        }
        throwIfCancelled(signal);
        return joinSamples(parts);
      },
      free() {
        if (isCropFreed) return;
        isCropFreed = true;
        tf.dispose([...levels]);
      },
    };
  };

  return {
    id: host.id,
    device: host.device,
    isUnsigned: isUnsignedNetwork(spec),
    async encode(cropHu, signal) {
      if (isFreed) throw new Error('The engine has been freed.');
      throwIfCancelled(signal);
      return onBackend(host, async () => encodedCrop(tf.tidy(() => network.encode(cropHu))));
    },
    async free() {
      if (isFreed) return;
      isFreed = true;
      disposeParameters(parameters);
    },
  };
}

/** The region network on a TensorFlow.js backend. Freeing the engine leaves the backend to its owner. */
export async function createTensorflowRegionEngine(
  host: TensorflowHost,
  spec: RegionNetworkSpec,
  weights: WeightMap,
): Promise<RegionEngine> {
  assertWeightsFit(spec, weights);
  const parameters = await onBackend(host, async () => parametersFrom(weights));
  const network = createRegionNetwork(spec, parameters, host.ops);
  await compileFor(host, parameters, () => {
    network.logits(imageTensor(new Float32Array(spec.resolution ** 3), spec.resolution));
  });
  let isFreed = false;
  return {
    id: host.id,
    device: host.device,
    async detect(blockHu, signal) {
      if (isFreed) throw new Error('The engine has been freed.');
      throwIfCancelled(signal);
      const probabilities = await onBackend(host, async () => {
        const output = tf.tidy(() =>
          tf.sigmoid(network.logits(imageTensor(blockHu, spec.resolution, spec.clipHu))),
        );
        try {
          return await output.data<'float32'>();
        } finally {
          output.dispose();
        }
      });
      throwIfCancelled(signal);
      return Float32Array.from(probabilities);
    },
    async free() {
      if (isFreed) return;
      isFreed = true;
      disposeParameters(parameters);
    },
  };
}
