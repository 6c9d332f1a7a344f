import { addScaled, distance, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import { type HuModel, LABELS, type Shape } from '../scene.ts';
import type { LeftHeart } from './leftHeart.ts';
import type { Paint } from './painting.ts';
import { axesAlong, ball, box, intersection, rough } from './shapes.ts';

/**
 * How contrast fills an appendage, where it is asked for in place of what the seed draws: throughout; less and less
 * towards the tip; or round a thrombus in the tip.
 */
export const FILLINGS = ['filled', 'underfilled', 'thrombus'] as const;
export type Filling = (typeof FILLINGS)[number];

/** Shares of the appendages whose contrast differs from the atrium's; docs/phantom-anatomy.md. */
const SHARES = { thrombus: 0.06, dark: 0.24, fainter: 0.3, streak: 0.15 } as const;

type Ramp = NonNullable<HuModel['ramp']>;
type Texture = NonNullable<HuModel['texture']>;

/** What is painted in a lumen of one base value. */
interface DrawnFilling {
  readonly ramp: Ramp | undefined;
  readonly clot: { readonly shape: Shape; readonly baseHu: number } | undefined;
}

/** The appendage's axis as the filling sees it: straight from the mouth to the tip. */
interface Axis {
  readonly mouthLpsMm: Vec3;
  readonly tipLpsMm: Vec3;
  readonly direction: Vec3;
  readonly reachMm: number;
}

/**
 * The appendage as filled as the atrium; fainter from the mouth on, down to 0.6 of it; darker towards its tip; or with
 * a thrombus. All of it begins beyond the ostium, so that no edge in the image betrays the plane.
 * @param filling left out: as the seed draws it
 */
export function paintAppendage(
  random: Random,
  left: LeftHeart,
  baseHu: number,
  stream: Texture,
  paint: Paint,
  filling?: Filling,
): void {
  const line = left.truth.centreLineLpsMm;
  const [mouth, tip] = [line[0]!, line[line.length - 1]!];
  const axis: Axis = {
    mouthLpsMm: mouth,
    tipLpsMm: tip,
    direction: normalize(subtract(tip, mouth)),
    reachMm: Math.max(8, distance(mouth, tip)),
  };
  const { ramp, clot } =
    filling === undefined
      ? drawFilling(random, axis, baseHu)
      : wantedFilling(random.fork('filling'), axis, baseHu, filling);
  paint('appendage', left.lumen, LABELS.appendage, { baseHu, texture: stream, ...(ramp ? { ramp } : {}) });
  paintDarkStreak(random.fork('streak'), left, baseHu, paint);
  if (!clot) return;
  paint('thrombus', intersection(left.lumen, clot.shape), LABELS.thrombus, {
    baseHu: clot.baseHu,
    texture: { ...stream, amplitudeHu: 8 },
  });
}

function drawFilling(random: Random, axis: Axis, baseHu: number): DrawnFilling {
  const u = random.uniform;
  const hasThrombus = random.chance(SHARES.thrombus);
  const isUnderfilled = hasThrombus || random.chance(SHARES.dark);
  const isFainter = !isUnderfilled && random.chance(SHARES.fainter);
  const startMm = isUnderfilled ? u(0, 0.6) * axis.reachMm : u(0, 4);
  const endMm = isUnderfilled ? Math.max(startMm + 4, u(0.7, 1.3) * axis.reachMm) : startMm + u(5, 16);
  const deltaHu = isUnderfilled ? -(baseHu - 40) * u(0.15, 0.9) : -baseHu * u(0, 0.4);
  return {
    ramp: isUnderfilled || isFainter ? rampOf(axis, startMm, endMm, deltaHu) : undefined,
    clot: hasThrombus ? drawClot(random, axis, [-6, 2], [4, 11]) : undefined,
  };
}

function wantedFilling(random: Random, axis: Axis, baseHu: number, filling: Filling): DrawnFilling {
  const u = random.uniform;
  const startMm = u(0.25, 0.6) * axis.reachMm;
  const endMm = startMm + u(3, 12);
  return {
    ramp:
      filling === 'underfilled' ? rampOf(axis, startMm, endMm, -(baseHu - 40) * u(0.55, 0.95)) : undefined,
    clot: filling === 'thrombus' ? drawClot(random, axis, [-4, 0], [6, 11]) : undefined,
  };
}

const rampOf = ({ mouthLpsMm, direction }: Axis, startMm: number, endMm: number, deltaHu: number): Ramp => ({
  fromLpsMm: mouthLpsMm,
  direction,
  startMm,
  endMm,
  deltaHu,
});

function drawClot(
  random: Random,
  { tipLpsMm, direction }: Axis,
  beyondTipMm: readonly [number, number],
  radiusMm: readonly [number, number],
): NonNullable<DrawnFilling['clot']> {
  const u = random.uniform;
  const shape = rough(
    ball(addScaled(tipLpsMm, direction, u(...beyondTipMm)), u(...radiusMm)),
    u(0.5, 2),
    u(4, 9),
    random.uint32(),
  );
  return { shape, baseHu: u(25, 90) };
}

/** A thin dark streak across the distal half, as motion and dense contrast throw them. */
function paintDarkStreak(random: Random, left: LeftHeart, baseHu: number, paint: Paint): void {
  if (!random.chance(SHARES.streak)) return;
  const line = left.truth.centreLineLpsMm;
  const at = line[Math.round(random.uniform(0.35, 0.85) * (line.length - 1))]!;
  const slab = box(
    at,
    [40, 40, random.uniform(0.4, 1.3)],
    axesAlong(random.direction(), [0.3, 0.5, 0.8]),
    0.3,
  );
  paint('darkStreak', intersection(left.lumen, slab), LABELS.appendage, {
    baseHu: baseHu * random.uniform(0.45, 0.85),
  });
}
