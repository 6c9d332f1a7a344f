import { type Failure, type Failures, failure } from '#shared/failures/failure.ts';
import type { EncodedCrop, FieldEngine, RegionEngine } from './fieldEngine.ts';

/** What keeps a device from going on. */
type DeviceProblem = Failures['engine.processor-went-on']['problem'];

/** The device cannot go on (no memory left, or lost); the same work may succeed on another engine. */
export class DeviceFailure extends Error {
  override readonly name = 'DeviceFailure';
  readonly problem: DeviceProblem;

  constructor(problem: DeviceProblem, options?: ErrorOptions) {
    super(`The graphics processor failed: ${problem}`, options);
    this.problem = problem;
  }
}

/** How TensorFlow and Dawn word it when memory runs out. */
const MEMORY_WORDS = /out[ -]of[ -]memory|\bOOM\b|resource ?exhausted|failed to allocate/i;

/** The error itself, or a {@link DeviceFailure} where its message says that memory ran out. */
export function asDeviceFailure(thrown: unknown): unknown {
  if (thrown instanceof DeviceFailure || !(thrown instanceof Error)) return thrown;
  if (!MEMORY_WORDS.test(thrown.message)) return thrown;
  return new DeviceFailure('memory', { cause: thrown });
}

/** What the report says of a device's failure. */
export const fallbackReason = ({ problem }: DeviceFailure): Failure =>
  failure('engine.processor-went-on', { problem });

/** An engine that is replaced, once, by another when its device fails. */
interface Replaceable<E> {
  current(): E;
  /** Does the work on the current engine; after a device's failure again, on the replacement. */
  attempt<T>(work: (engine: E) => Promise<T>): Promise<T>;
  free(): Promise<void>;
}

function replaceable<E extends { free(): Promise<void> }>(
  primary: E,
  makeReplacement: () => Promise<E>,
  onFallback: (reason: Failure) => void,
): Replaceable<E> {
  let replacement: Promise<E> | undefined;
  let current = primary;
  const replace = async (thrown: DeviceFailure): Promise<E> => {
    if (replacement === undefined) {
      onFallback(fallbackReason(thrown));
      replacement = makeReplacement();
    }
    current = await replacement;
    return current;
  };
  return {
    current: () => current,
    async attempt(work) {
      const engine = current;
      try {
        return await work(engine);
      } catch (thrown) {
        if (!(thrown instanceof DeviceFailure) || engine !== primary) throw thrown;
        return work(await replace(thrown));
      }
    },
    async free() {
      await primary.free();
      // A replacement that could not be made has nothing to free; the caller who needed it got the error.
      const made = await replacement?.catch(() => undefined);
      await made?.free();
    },
  };
}

/**
 * A field engine that continues on another engine when its device fails: the replacement encodes the crop again. `id` and
 * `device` are those of the engine in use.
 * @param onFallback is called with the reason
 */
export function fieldEngineWithFallback(
  primary: FieldEngine,
  makeReplacement: () => Promise<FieldEngine>,
  onFallback: (reason: Failure) => void,
): FieldEngine {
  const engines = replaceable(primary, makeReplacement, onFallback);
  return {
    get id() {
      return engines.current().id;
    },
    get device() {
      return engines.current().device;
    },
    isUnsigned: primary.isUnsigned,
    async encode(cropHu, signal) {
      const crops = new Map<FieldEngine, EncodedCrop>();
      const cropOn = async (engine: FieldEngine): Promise<EncodedCrop> => {
        const crop = crops.get(engine) ?? (await engine.encode(cropHu, signal));
        crops.set(engine, crop);
        return crop;
      };
      await engines.attempt(cropOn);
      let isFreed = false;
      return {
        async evaluate(pointsNormalized, evaluateSignal) {
          if (isFreed) throw new Error('The encoded crop has been freed.');
          return engines.attempt(async (engine) =>
            (await cropOn(engine)).evaluate(pointsNormalized, evaluateSignal),
          );
        },
        free() {
          isFreed = true;
          for (const crop of crops.values()) crop.free();
          crops.clear();
        },
      };
    },
    free: () => engines.free(),
  };
}

/** A region engine that continues on another engine when its device fails; see {@link fieldEngineWithFallback}. */
export function regionEngineWithFallback(
  primary: RegionEngine,
  makeReplacement: () => Promise<RegionEngine>,
  onFallback: (reason: Failure) => void,
): RegionEngine {
  const engines = replaceable(primary, makeReplacement, onFallback);
  return {
    get id() {
      return engines.current().id;
    },
    get device() {
      return engines.current().device;
    },
    detect: (blockHu, signal) => engines.attempt((engine) => engine.detect(blockHu, signal)),
    free: () => engines.free(),
  };
}
