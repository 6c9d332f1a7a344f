import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import { type Aorta, buildAorta } from './aorta.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter } from './curves.ts';
import type { LeftHeart } from './leftHeart.ts';
import { buildPulmonaryArtery, type PulmonaryArtery } from './pulmonaryArtery.ts';
import { curvedTube, givingWay, type ShapeBook } from './shapes.ts';

export interface GreatVessels extends Aorta, PulmonaryArtery, CavalVeins {}

interface CavalVeins {
  /** Named shapes of the blood in them. */
  readonly superiorVenaCava: Shape;
  readonly inferiorVenaCava: Shape;
  readonly superiorVenaCavaLpsMm: Vec3;
}

export function buildGreatVessels(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  book: ShapeBook,
): GreatVessels {
  const aortic = buildAorta(random.fork('aorta'), frame, left, book);
  const pulmonary = buildPulmonaryArtery(random.fork('pulmonary'), frame, left, aortic.aorta, book);
  const caval = buildCavalVeins(random.fork('cava'), frame, left, aortic.aorta, book);
  return { ...aortic, ...pulmonary, ...caval };
}

/** Radii of the caval veins in the middle and at their ends, mm: docs/phantom-anatomy.md (usual). */
const SUPERIOR_MM = { middle: [7, 11], above: [7, 10], end: 9 } as const;
const INFERIOR_MM = { middle: [9, 13], end: 12 } as const;
/** Width over depth of the superior vena cava. */
const SUPERIOR_FLATTENING = [0.65, 1] as const;

/** Superior vena cava of 14–22 mm, somewhat flattened, and inferior vena cava of 18–26 mm. */
function buildCavalVeins(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  aorta: Shape,
  book: ShapeBook,
): CavalVeins {
  const size = frame.heartScale;
  const at = (x: number, y: number, z: number, sd: number) => jitter(random, frame.heart(x, y, z), sd);
  const superiorVenaCavaLpsMm = at(-37, -28, 22, 2.5);
  const superior = curvedTube(
    [at(-36, -34, 4, 2), superiorVenaCavaLpsMm, at(-36, -24, 50, 3), at(-34, -28, 90, 5)],
    [
      size * SUPERIOR_MM.end,
      size * random.uniform(...SUPERIOR_MM.middle),
      size * random.uniform(...SUPERIOR_MM.above),
      size * SUPERIOR_MM.end,
    ],
    2,
    { axis: frame.heartDirection([0.6, 0.8, 0]), factor: random.uniform(...SUPERIOR_FLATTENING) },
  );
  const inferior = curvedTube(
    [at(-33, -28, -28, 3), at(-32, -16, -52, 3), frame.thorax(-30, 5, -100)],
    [size * INFERIOR_MM.end, size * random.uniform(...INFERIOR_MM.middle), size * INFERIOR_MM.end],
    2,
  );
  return {
    superiorVenaCavaLpsMm,
    superiorVenaCava: book.define(
      'superiorVenaCava',
      givingWay(givingWay(superior, left.blood, left.wallMm), aorta, 1.5),
    ),
    inferiorVenaCava: book.define('inferiorVenaCava', givingWay(inferior, left.blood, left.wallMm)),
  };
}
