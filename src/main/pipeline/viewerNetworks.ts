import { type Failure, includesFailure } from '#shared/failures/failure.ts';
import {
  DeviceFailure,
  fallbackReason,
  fieldEngineWithFallback,
  regionEngineWithFallback,
} from '#shared/nudf/engine/fallbackEngine.ts';
import type { FieldEngine, RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import type { ViewerNetworks } from '#shared/nudf/engine/viewerTasks.ts';
import { distanceSpecOf } from '../models/modelRegistry.ts';
import { meanFieldEngine } from '../nudf/engine/meanFieldEngine.ts';
import { createViewerFieldEngine, createViewerRegionEngine } from '../nudf/engine/viewerEngine.ts';
import type { OpenNetworks } from './networks.ts';

/** A page whose graphics processor may compute what it asks for. */
export interface Viewer {
  /** The graphics processor in words. */
  readonly device: string;
  /** What is to be said of it. */
  readonly remarks: readonly Failure[];
  readonly networks: ViewerNetworks;
}

/**
 * Both networks on the page's graphics processor. Where it fails, now or later, the networks that stand by go on in its
 * place, and the remarks say why. Freeing leaves those open.
 */
export async function openViewerNetworks(viewer: Viewer, standby: OpenNetworks): Promise<OpenNetworks> {
  const { models } = standby;
  const reasons: Failure[] = [...viewer.remarks];
  let hasFailed = false;
  const onFallback = (reason: Failure): void => {
    hasFailed = true;
    if (!includesFailure(reasons, reason)) reasons.push(reason);
  };
  const networks = {
    models,
    remarks: () => [...standby.remarks(), ...reasons],
    // A page that is gone has freed them.
    free: async () => void (await viewer.networks.reset({}).catch(() => undefined)),
  };
  try {
    await viewer.networks.reset({});
    const region = regionEngineWithFallback(
      await openRegion(viewer, standby),
      async () => unowned(standby.region.engine),
      onFallback,
    );
    const field = fieldEngineWithFallback(
      await openField(viewer, standby),
      async () => unowned(standby.field.engine),
      onFallback,
    );
    // Once one network has failed there, neither is tried there again.
    const regionNow = (): RegionEngine => (hasFailed ? standby.region.engine : region);
    const fieldNow = (): FieldEngine => (hasFailed ? standby.field.engine : field);
    return {
      ...networks,
      surroundings: standby.surroundings,
      region: {
        engine: {
          get id() {
            return regionNow().id;
          },
          get device() {
            return regionNow().device;
          },
          detect: (blockHu, signal) => regionNow().detect(blockHu, signal),
          free: async () => undefined,
        },
        spec: standby.region.spec,
      },
      field: {
        engine: {
          get id() {
            return fieldNow().id;
          },
          get device() {
            return fieldNow().device;
          },
          isUnsigned: field.isUnsigned,
          encode: (cropHu, signal) => fieldNow().encode(cropHu, signal),
          free: async () => undefined,
        },
        spec: standby.field.spec,
      },
    };
  } catch (thrown) {
    onFallback(fallbackReason(thrown instanceof DeviceFailure ? thrown : new DeviceFailure('lost')));
    return { ...standby, ...networks };
  }
}

const openRegion = ({ networks, device }: Viewer, { models: { region } }: OpenNetworks) =>
  createViewerRegionEngine(networks, device, region.manifest.spec, region.weights);

/** The field models on the page, as their mean. */
async function openField({ networks, device }: Viewer, { models }: OpenNetworks): Promise<FieldEngine> {
  const engines: FieldEngine[] = [];
  for (const model of models.fields) {
    engines.push(await createViewerFieldEngine(networks, device, distanceSpecOf(model), model.weights));
  }
  const [first, ...others] = engines;
  if (!first) throw new Error('There is no field model.');
  return others.length === 0 ? first : meanFieldEngine([first, ...others]);
}

/** An engine that another one frees. */
const unowned = <E extends { free(): Promise<void> }>(engine: E): E => ({
  ...engine,
  free: async () => undefined,
});
