import { z } from 'zod';
import { storedFailureSchema } from './failure.ts';

/**
 * The shape of an occluder as its table gives it, where a reader placed one, and what was measured there. Points and
 * directions are LPS, in mm; a number that cannot be had is null, and `withheld` says why by the number's name.
 */

/**
 * A length of a device by its nominal size: `timesSize` × size + `plusMm`. Of several, the first that holds up to the
 * size counts: `[{ "plusMm": 7.5, "upToSizeMm": 22 }, { "plusMm": 10 }]` is 7.5 mm up to 22 mm, and 10 mm from there on.
 */
const relationSchema = z
  .array(
    z.strictObject({
      timesSize: z.number().min(0).max(5).default(0),
      plusMm: z.number().min(-50).max(50).default(0),
      /** Missing: for every size. */
      upToSizeMm: z.number().positive().optional(),
    }),
  )
  .min(1);

export type DeviceRelation = z.output<typeof relationSchema>;

/** What shapes have in common. */
const described = {
  /** Where the proportions are from, or that they are schematic and not from the manufacturer. */
  source: z.string().trim().min(1),
};

/** All lengths in mm, of the device as it is outside of the body. The widest circumference has the nominal size. */
export const deviceShapeSchema = z.discriminatedUnion('kind', [
  /** Closed towards the atrium by a face, widest at its shoulder, narrower towards the tip of the appendage. */
  z.strictObject({
    kind: z.literal('cup'),
    ...described,
    length: relationSchema,
    faceDiameter: relationSchema,
    /** From the face to the widest circumference. */
    shoulder: relationSchema,
    /** Diameter of the end in the appendage. */
    endDiameter: relationSchema,
  }),
  /** A cylinder in the appendage, and before the ostium a disc, with a waist between them. */
  z.strictObject({
    kind: z.literal('lobe and disc'),
    ...described,
    lobeLength: relationSchema,
    discDiameter: relationSchema,
    discThickness: relationSchema,
    waistLength: relationSchema,
    waistDiameter: relationSchema,
  }),
]);

export type DeviceShape = z.output<typeof deviceShapeSchema>;

/** A relation's length for a size, mm; undefined where none holds up to it. */
export function relatedMm(relation: DeviceRelation, sizeMm: number): number | undefined {
  const one = relation.find(({ upToSizeMm = Infinity }) => sizeMm <= upToSizeMm);
  return one && one.timesSize * sizeMm + one.plusMm;
}

/** Why a shape cannot be made in a size; undefined where it can. */
export function whyNoShape(shape: DeviceShape, sizeMm: number): string | undefined {
  const lengths: Record<string, number> = {};
  for (const [name, relation] of Object.entries(shape)) {
    if (typeof relation === 'string') continue;
    const mm = relatedMm(relation, sizeMm);
    if (mm === undefined || mm <= 0 || mm > 100) return `${name} gives no length for ${sizeMm} mm`;
    lengths[name] = mm;
  }
  const isLess = (name: string, mostMm: number): boolean => (lengths[name] ?? 0) <= mostMm;
  if (shape.kind === 'cup') {
    if (!isLess('shoulder', lengths.length ?? 0))
      return `the shoulder of ${sizeMm} mm lies beyond its length`;
    if (!isLess('faceDiameter', sizeMm) || !isLess('endDiameter', sizeMm))
      return `${sizeMm} mm is not the widest diameter`;
    return undefined;
  }
  if (!isLess('waistDiameter', Math.min(sizeMm, lengths.discDiameter ?? 0)))
    return `the waist of ${sizeMm} mm is wider than its ends`;
  return undefined;
}

/** The axis may lean this far from the centre line, each way. */
export const MOST_TILT_DEGREES = 45;

const tilt = z.number().min(-MOST_TILT_DEGREES).max(MOST_TILT_DEGREES);

/** Where a reader placed a device. */
export const devicePoseSchema = z.strictObject({
  /** The name of its table. */
  table: z.string(),
  /** The label of its size. */
  size: z.string(),
  /** The centre of its widest circumference lies here along the centre line, from the ostium. */
  depthMm: z.number().min(0),
  /** Of its axis against the centre line: towards the first and the second direction across it (`deviceFrame`). */
  tiltDegrees: z.tuple([tilt, tilt]),
});

export type DevicePose = z.output<typeof devicePoseSchema>;

const vec3 = z.tuple([z.number(), z.number(), z.number()]);
const numberOrNull = z.number().nullable();

/** A device as it was placed, with what was measured there. */
export const virtualDeviceSchema = z.strictObject({
  ...devicePoseSchema.shape,
  sizeMm: z.number(),
  shapeKind: z.enum(['cup', 'lobe and disc']),
  shapeSource: z.string(),
  /** Of the widest circumference. */
  centreLpsMm: vec3,
  /** Away from the ostium. */
  axis: vec3,
  /** Whether the table's ranges hold this size for this appendage. */
  fits: z.boolean(),
  /** Of the lumen's section perpendicular to the device's axis at its widest circumference. */
  lumenDiametersMm: z.strictObject({ maximum: numberOrNull, minimum: numberOrNull }),
  /** By which the device is wider than the lumen along these; below 0 it is narrower. */
  compressionPercent: z.strictObject({ maximum: numberOrNull, minimum: numberOrNull }),
  /** How far the device reaches past the ostium's plane into the atrium; below 0 it ends before the plane; null where most of it is
   * outside of the lumen. */
  protrusionMm: numberOrNull,
  /** The same of the lobe; null for a device without one. */
  lobeProtrusionMm: numberOrNull,
  /** The largest reach beyond the lumen's wall, across the axis. */
  overlapMm: numberOrNull,
  /** The largest distance from the widest circumference to the wall. */
  gapMm: numberOrNull,
  /** The share of the widest circumference that reaches the wall. */
  contactPercent: numberOrNull,
  /** Along the device's axis, from the ostium's plane to the device's end in the appendage, and to the wall. */
  depthUsedMm: numberOrNull,
  depthThereIsMm: numberOrNull,
  /** From the device's surface; null where the place is not known. Never a guess. */
  distancesMm: z.strictObject({
    circumflex: numberOrNull,
    ridge: numberOrNull,
    upperLeftVein: numberOrNull,
    mitralAnnulus: numberOrNull,
    /** Left out where no network looked for it. */
    interatrialSeptum: numberOrNull.optional(),
  }),
  /** Of distances to places that a network found, by the distances' names, mm; none where a reader set the place. */
  distanceUncertaintiesMm: z.record(z.string(), z.number()).default({}),
  /** The distances to a landmark that the model of the surface found, one point, not known how exact. */
  distancesByModel: z.array(z.enum(['circumflex', 'ridge'])).default([]),
  withheld: z.record(z.string(), storedFailureSchema),
  warnings: z.array(storedFailureSchema),
});

export type VirtualDevice = z.output<typeof virtualDeviceSchema>;
