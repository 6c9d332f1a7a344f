import type { EngineChoice } from '#shared/contract/services/app.ts';
import { failureOf } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { WARM_UP_POINTS } from '#shared/nudf/engine/warmUpPoints.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import {
  BUNDLED_MODEL_IDS,
  distanceSpecOf,
  type FieldModel,
  hasModel,
  type LoadedModel,
  loadFieldModels,
  loadModelOfKind,
} from '../models/modelRegistry.ts';
import { meanFieldEngine } from '../nudf/engine/meanFieldEngine.ts';
import { createOnnxSurroundingsEngine } from '../nudf/engine/onnxSurroundingsEngine.ts';
import { selectEngine } from '../nudf/engine/selectEngine.ts';
import type { SegmentationNetworks } from './segmentAppendage.ts';
import { surroundingErrors } from './surroundingPlaces.ts';

/** Which models are used; the bundled ones where left out. */
export interface ModelChoice {
  readonly regionModel?: string;
  /** Several field models are used as their mean. */
  readonly fieldModels?: readonly string[];
  readonly modelsFolder?: string;
  /** Whether the network of the surroundings is used too, where it is installed. Default: false, as it takes its time. */
  readonly surroundings?: boolean;
}

export interface NetworkModels {
  readonly region: LoadedModel<'region'>;
  readonly fields: readonly [FieldModel, ...FieldModel[]];
  /** Undefined where it is not installed or not asked for: distances to the surroundings are then not known. */
  readonly surroundings?: LoadedModel<'surroundings'> | undefined;
}

export interface NetworkOptions {
  readonly engine: EngineChoice;
  /** Threads of the CPU engine; by default as many as the machine offers. */
  readonly threads?: number;
  /** What the report says about the engine besides its own remarks, for example why it was started again. */
  readonly remarks?: readonly Failure[];
}

/** Both networks on a started engine. The caller that opened them frees them. */
export interface OpenNetworks extends SegmentationNetworks {
  readonly models: NetworkModels;
  /** Why this engine and not another; grows when a device fails and ONNX Runtime goes on. */
  remarks(): Failure[];
  /** Frees the engines, then the device. */
  free(): Promise<void>;
}

/**
 * Reads and verifies the models.
 * @throws UserError where one is missing, damaged or of the wrong kind
 */
export async function loadNetworkModels(choice: ModelChoice = {}): Promise<NetworkModels> {
  const from = withoutUndefined({ folder: choice.modelsFolder });
  return {
    region: await loadModelOfKind('region', choice.regionModel, from),
    fields: await loadFieldModels(choice.fieldModels, from),
    surroundings:
      choice.surroundings && hasModel(BUNDLED_MODEL_IDS.surroundings, from)
        ? await loadModelOfKind('surroundings', undefined, from)
        : undefined,
  };
}

/**
 * Starts an engine and loads both networks on it. Where `auto` chose an engine that then does not start, ONNX Runtime
 * is started instead and the reason is kept in the remarks.
 * @throws UserError where an engine that was asked for by name is not available; nothing is left open
 */
export async function openNetworks(models: NetworkModels, options: NetworkOptions): Promise<OpenNetworks> {
  try {
    return await openOnEngine(models, options);
  } catch (thrown) {
    if (options.engine !== 'auto') throw thrown;
    const remark = failure('engine.not-started', { reason: failureOf(thrown) });
    const remarks = [...(options.remarks ?? []), remark];
    return openOnEngine(models, { ...options, engine: 'onnx', remarks });
  }
}

/** The one place where engines are opened; what was opened before a failure is freed. */
async function openOnEngine(models: NetworkModels, options: NetworkOptions): Promise<OpenNetworks> {
  const { region, fields, surroundings } = models;
  /** The last opened first: the order of freeing. */
  const opened: Freeable[] = [];
  const keep = <T extends Freeable>(part: T): T => {
    opened.unshift(part);
    return part;
  };
  try {
    const selected = keep(await selectEngine(options.engine, withoutUndefined({ threads: options.threads })));
    const regionEngine = keep(await selected.regionEngine(region.manifest.spec, region.weights));
    const openField = async (model: FieldModel): Promise<FieldEngine> =>
      keep(await selected.fieldEngine(distanceSpecOf(model), model.weights));
    const [first, ...others] = fields;
    const firstEngine = await openField(first);
    const otherEngines: FieldEngine[] = [];
    for (const model of others) otherEngines.push(await openField(model));
    const fieldEngine =
      otherEngines.length === 0 ? firstEngine : meanFieldEngine([firstEngine, ...otherEngines]);
    const around = surroundings && {
      engine: keep(
        await createOnnxSurroundingsEngine(
          surroundings.manifest.spec,
          surroundings.weights,
          withoutUndefined({ threads: options.threads }),
        ),
      ),
      spec: surroundings.manifest.spec,
      errorsMm: surroundingErrors(metricsOf(surroundings.manifest.training)),
    };
    const { spec } = first.manifest;
    if (fieldEngine.id !== 'onnx') {
      await warmUp(fieldEngine, spec.resolution, selected.isSoftware ? [1] : WARM_UP_POINTS);
      if (!selected.isSoftware)
        await regionEngine.detect(new Float32Array(region.manifest.spec.resolution ** 3));
    }
    return {
      models,
      region: { engine: regionEngine, spec: region.manifest.spec },
      field: { engine: fieldEngine, spec },
      surroundings: around,
      remarks: () => [...(options.remarks ?? []), ...selected.reasons],
      free: () => freeAll(opened),
    };
  } catch (thrown) {
    // Why it did not start matters more than what went wrong while tidying up.
    await freeAll(opened).catch(() => undefined);
    throw thrown;
  }
}

/** What was measured of a model; of one that was imported nothing is known. */
const metricsOf = (
  training: LoadedModel<'surroundings'>['manifest']['training'],
): Readonly<Record<string, number>> => ('metrics' in training ? training.metrics : {});

/** Lets a graphics processor compile its programs before anyone waits for them, and shows whether it can compute. */
async function warmUp(engine: FieldEngine, resolution: number, points: readonly number[]): Promise<void> {
  const crop = await engine.encode(new Float32Array(resolution ** 3));
  try {
    for (const count of points) await crop.evaluate(new Float32Array(3 * count));
  } finally {
    crop.free();
  }
}

interface Freeable {
  free(): Promise<void>;
}

/** Frees every part in order, also after one failed; the first failure is thrown at the end. */
async function freeAll(parts: readonly Freeable[]): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts) await part.free().catch((thrown: unknown) => failures.push(thrown));
  if (failures.length > 0) throw failures[0];
}
