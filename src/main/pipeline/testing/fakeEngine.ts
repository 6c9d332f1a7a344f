import type { EncodedCrop, EngineId } from '#shared/nudf/engine/fieldEngine.ts';
import type { SelectedEngine } from '../../nudf/engine/selectEngine.ts';
import type { FieldFunction } from '../../surface/field/fieldFunction.ts';

/** A ball of 12 mm in the middle of a 70 mm cube: a closed lumen with a wall all round, so without an ostium. */
const ball: FieldFunction = async (points) => {
  const signedMm = new Float32Array(points.length / 3);
  for (let index = 0; index < signedMm.length; index++) {
    const at = 3 * index;
    signedMm[index] = 35 * Math.hypot(points[at]!, points[at + 1]!, points[at + 2]!) - 12;
  }
  return { signedMm, unsignedMm: signedMm.map(Math.abs) };
};

interface FakeEngineOptions {
  readonly id?: EngineId;
  /** What is held at the moment, by name; a fake adds itself when it is opened and leaves when it is freed. */
  readonly held: Set<string>;
  /** Replaces the opening of the field engine. */
  readonly openField?: () => Promise<never>;
  /** Runs before each encoding. */
  readonly onEncode?: () => void;
  /** Replaces the field, a ball in the middle of the cube. */
  readonly field?: FieldFunction;
  /** The parts whose freeing fails, after they have left `held`. */
  readonly failingFrees?: readonly string[];
}

/** A device that computes nothing and keeps account of what it opened. */
export function fakeEngine(options: FakeEngineOptions): SelectedEngine {
  const { id = 'onnx', held, field = ball } = options;
  const hold = (part: string): (() => Promise<void>) => {
    const name = `${id} ${part}`;
    held.add(name);
    return async () => {
      held.delete(name);
      if (options.failingFrees?.includes(part)) throw new Error(`The ${part} could not be freed.`);
    };
  };
  return {
    id,
    device: 'test',
    isSoftware: true,
    reasons: [],
    async regionEngine(spec) {
      const detect = async () => new Float32Array(spec.resolution ** 3);
      return { id, device: 'test', detect, free: hold('region engine') };
    },
    async fieldEngine() {
      if (options.openField) return options.openField();
      const free = hold('field engine');
      const encode = async (): Promise<EncodedCrop> => {
        options.onEncode?.();
        const freeCrop = hold('crop');
        return { evaluate: field, free: () => void freeCrop() };
      };
      return { id, device: 'test', isUnsigned: false, encode, free };
    },
    free: hold('device'),
  };
}
