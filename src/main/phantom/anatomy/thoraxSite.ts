import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { BodyFrame } from './bodyFrame.ts';
import type { ShapeBook } from './shapes.ts';

/** Where the organs of one chest are drawn. Each organ draws from `random` in turn: their order is part of the seed's meaning. */
export interface ThoraxSite {
  readonly random: Random;
  readonly frame: BodyFrame;
  readonly book: ShapeBook;
  /** Size of this body over the nominal one; all nominal lengths in mm are multiplied by it. */
  readonly scale: number;
  /** mm that the front of the chest lies further back (+) or forward (−) than nominal. */
  readonly frontMm: number;
  /** A nominal point (mm along L, P, S from the atrium's middle, x from this body's midline) in LPS mm. */
  at(x: number, y: number, z: number): Vec3;
}

/** The spine lies this far right of the atrium's middle: mean and SD, mm. */
const MIDLINE_MM = { mean: -14, sd: 4 };
/** How much the depth of chests differs, as an SD at the front, mm. */
const FRONT_SD_MM = 5;

/** Draws how one chest lies round its heart. */
export function drawThoraxSite(random: Random, frame: BodyFrame, book: ShapeBook): ThoraxSite {
  const midlineMm = MIDLINE_MM.mean + random.normal(0, MIDLINE_MM.sd);
  const frontMm = random.normal(0, FRONT_SD_MM);
  return {
    random,
    frame,
    book,
    scale: frame.thoraxScale,
    frontMm,
    at: (x, y, z) => frame.thorax(midlineMm + x, y, z),
  };
}
