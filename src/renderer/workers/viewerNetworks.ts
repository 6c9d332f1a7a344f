import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { DeviceFailure } from '#shared/nudf/engine/fallbackEngine.ts';
import type { EncodedCrop, FieldEngine, RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import {
  createTensorflowFieldEngine,
  createTensorflowRegionEngine,
  type TensorflowHost,
} from '#shared/nudf/engine/tensorflowEngine.ts';
import { type NetworkTasks, receivedWeights } from '#shared/nudf/engine/viewerTasks.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

/** A graphics processor that networks can be opened on. */
export interface OpenedGraphics {
  readonly host: TensorflowHost;
  free(): void;
}

/**
 * Answers the application's calls for networks on this machine's graphics processor, which is opened with the first of
 * them. A device that fails is named by a UserError, on which the application goes on by itself.
 */
export function createViewerNetworks(
  open: () => Promise<OpenedGraphics>,
): Handlers<NetworkTasks>['networks'] {
  let graphics: Promise<OpenedGraphics> | undefined;
  let nextHandle = 0;
  const fields = new Map<number, FieldEngine>();
  const regions = new Map<number, RegionEngine>();
  const crops = new Map<number, EncodedCrop>();

  const keep = <T>(parts: Map<number, T>, part: T): number => {
    const handle = nextHandle++;
    parts.set(handle, part);
    return handle;
  };
  const host = async (): Promise<TensorflowHost> => {
    graphics ??= open();
    return (await graphics).host;
  };
  return {
    async reset() {
      for (const crop of crops.values()) crop.free();
      for (const engine of [...fields.values(), ...regions.values()]) await engine.free();
      for (const parts of [crops, fields, regions]) parts.clear();
      // A device that was lost cannot be used again, and one that never opened may open now.
      const opened = await graphics?.catch(() => undefined);
      opened?.free();
      graphics = undefined;
      return {};
    },
    openField: ({ spec, weights }) =>
      named(async () =>
        keep(fields, await createTensorflowFieldEngine(await host(), spec, receivedWeights(weights))),
      ),
    openRegion: ({ spec, weights }) =>
      named(async () =>
        keep(regions, await createTensorflowRegionEngine(await host(), spec, receivedWeights(weights))),
      ),
    encode: ({ network, cropHu }, { signal }) =>
      named(async () => keep(crops, await opened(fields, network).encode(cropHu, signal))),
    evaluate: ({ crop, pointsNormalized }, { signal }) =>
      named(() => opened(crops, crop).evaluate(pointsNormalized, signal)),
    detect: ({ network, blockHu }, { signal }) =>
      named(() => opened(regions, network).detect(blockHu, signal)),
    async freeCrop({ crop }) {
      crops.get(crop)?.free();
      crops.delete(crop);
      return {};
    },
  };
}

function opened<T>(parts: ReadonlyMap<number, T>, handle: number): T {
  const part = parts.get(handle);
  if (part === undefined) throw new Error(`Nothing is open under the number ${handle}.`);
  return part;
}

/** A failure of the device as one that crosses to main. */
async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof DeviceFailure) || thrown.problem === 'failed') throw thrown;
    throw new UserError(
      thrown.problem === 'memory'
        ? failure('engine.gpu-memory')
        : failure('engine.gpu-lost', { message: '' }),
      { cause: thrown },
    );
  }
}
