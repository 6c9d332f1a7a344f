/**
 * What a tape is made of. An instruction is four words, `op | fold << 8`, destination register, source register and the
 * offset of its parameters. It computes v (a primitive, or something of the source register), then sign·v + bias, and
 * folds that into the destination. Complements and offsets cost nothing: they are pushed down into sign and bias.
 *
 * Example: the union of a ball a and the complement of a ball b grown by 2 mm is two instructions into register 0.
 * `ellipsoid | set << 8, 0, 0, →a` with sign 1, bias 0 leaves a(p). `ellipsoid | min << 8, 0, 0, →b` with sign −1 and
 * bias 2 then leaves min(a(p), −b(p) + 2): −(b(p) − 2), the complement of the grown ball, folded by the union's minimum.
 */
export const OP = { halfSpace: 0, box: 1, ellipsoid: 2, tube: 3, load: 4, rough: 5, paint: 6 } as const;
/** How a value enters its destination register. */
export const FOLD = { set: 0, min: 1, max: 2, smoothMin: 3, smoothMax: 4 } as const;
/** The source of a `paint` that covers everything: no shape need be evaluated. */
export const NO_REGISTER = 0xffff;
export const WORDS_PER_INSTRUCTION = 4;
/** Parameters that every shape instruction begins with: sign, bias, blend, far. */
export const HEADER = 4;
/** Offset within a tube's parameters, and length, of its segments: start 3, start→end 3, 1/length², radius, change of radius. */
export const TUBE_SEGMENTS = 12;
export const SEGMENT_WORDS = 9;
export type Fold = (typeof FOLD)[keyof typeof FOLD];

/** The fold that does to −a and −b what `fold` does to a and b: complements turn unions into intersections. */
export const mirrored = (fold: Fold): Fold =>
  fold === FOLD.min
    ? FOLD.max
    : fold === FOLD.max
      ? FOLD.min
      : fold === FOLD.smoothMin
        ? FOLD.smoothMax
        : FOLD.smoothMin;

/** Offsets within a `paint` instruction's parameters. */
export const PAINT = {
  baseHu: 0,
  label: 1,
  textureHu: 2,
  textureInverse: 3,
  textureSeed: 4,
  rampHu: 6,
  rampFrom: 7,
  rampDirection: 10,
  rampStart: 13,
  rampInverse: 14,
} as const;
