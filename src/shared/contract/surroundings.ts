import { z } from 'zod';
import { storedFailureSchema } from './failure.ts';
import { gridLpsSchema } from './values.ts';

/**
 * What surrounds an appendage as a coarse network finds it: places on each structure, by which distances are measured. A
 * structure that it does not find is left out; nothing is known beyond the box that scan and network show.
 */
export const NEARBY = ['circumflex', 'leftSuperiorVein', 'mitralAnnulus', 'interatrialSeptum'] as const;
export type NearbyName = (typeof NEARBY)[number];

/** What every network of the surroundings has looked for since there are any. */
const ALWAYS = ['circumflex', 'leftSuperiorVein', 'mitralAnnulus'] as const satisfies readonly NearbyName[];

const vec3 = z.tuple([z.number(), z.number(), z.number()]);

export const surroundingsSchema = z.strictObject({
  /** Within it places are known, LPS mm. */
  seenLpsMm: z.strictObject({ low: vec3, high: vec3 }),
  /** What the network knows; nothing is said of the others. */
  lookedFor: z.array(z.enum(NEARBY)).default([...ALWAYS]),
  structures: z.array(
    z.strictObject({
      name: z.enum(NEARBY),
      /** On its surface, or on the line of the annulus; some 2.5 mm apart. */
      pointsLpsMm: z.array(vec3),
      /** Where the network only hints at it: a distance beyond such a place is withheld. */
      doubtfulLpsMm: z.array(vec3).default([]),
      /** Of ten distances of the model on phantoms nine were off by less, by its own manifest. */
      uncertaintyMm: z.number(),
    }),
  ),
});

export type Surroundings = z.output<typeof surroundingsSchema>;

/** From the ostium's rim to a structure; null, with the reason, where that is not known. */
export const ostiumDistanceSchema = z.strictObject({
  structure: z.enum(NEARBY),
  mm: z.number().nullable(),
  uncertaintyMm: z.number().nullable(),
  withheld: storedFailureSchema.nullable(),
});

export type OstiumDistance = z.output<typeof ostiumDistanceSchema>;

/** The left atrium near the ostium, as a coarse network sees it: what goes on beyond the surface's own end. */
export const leftAtriumSchema = z.strictObject({
  /** Along the LPS axes. */
  grid: gridLpsSchema,
  /** Signed distances at its voxels, i fastest, mm; NaN where the scan does not reach. */
  distancesMm: z.instanceof(Float32Array),
});
