import { z } from 'zod';
import { storedFailureSchema } from './failure.ts';
import { readerOutlineSchema } from './readerMarks.ts';
import { ostiumDistanceSchema } from './surroundings.ts';
import { deviceShapeSchema, virtualDeviceSchema, whyNoShape } from './virtualDevice.ts';

/**
 * What an occluder is planned by: the sizes along the centre line, tables of devices, and the sizes that fit. Points and
 * directions are LPS, in mm; a number that is withheld is null, and `withheld` says why by the number's name.
 */
const vec3 = z.tuple([z.number(), z.number(), z.number()]);

/** A section's sizes, each null where it is withheld. */
const profileSizes = {
  /** The middle of the section's area; null where it has none. */
  centreLpsMm: vec3.nullable(),
  areaMm2: z.number().nullable(),
  perimeterMm: z.number().nullable(),
  maxDiameterMm: z.number().nullable(),
  minDiameterMm: z.number().nullable(),
  areaDerivedDiameterMm: z.number().nullable(),
  perimeterDerivedDiameterMm: z.number().nullable(),
  /** By the names of the numbers; `section` where all of them are null. */
  withheld: z.record(z.string(), storedFailureSchema),
};

/** A section of the lumen perpendicular to its centre line. */
export const profilePointSchema = z.strictObject({
  /** Along the centre line from the ostium. */
  distanceMm: z.number(),
  /** On the centre line. */
  pointLpsMm: vec3,
  /** Of the section; away from the ostium. */
  normal: vec3,
  ...profileSizes,
  /** The sizes are of an outline that a reader drew; left out where they are the surface's. */
  isCorrected: z.literal(true).optional(),
  /**
   * The sizes of a section that is withheld only because it is wider than the ostium: it is judged anew where the
   * reader's outline makes the ostium larger. Left out of what is written for people.
   */
  widerThanOstium: z.strictObject(profileSizes).optional(),
});

export const lumenProfileSchema = z.strictObject({
  /** From the ostium's centre to the tip. */
  centreLineLpsMm: z.array(vec3),
  /** What the program found, where a reader corrected the line; else null. */
  computedLineLpsMm: z.array(vec3).nullable().default(null),
  /** In the order of their distances, half a millimetre apart. */
  points: z.array(profilePointSchema),
  /**
   * Outlines that a reader drew, the ostium's among them, `isUsed` where the section is still where it was drawn; left out
   * where there is none.
   */
  correctedOutlines: z
    .array(
      readerOutlineSchema.pick({ at: true, plane: true, outlineLpsMm: true }).extend({ isUsed: z.boolean() }),
    )
    .optional(),
  /** Why there is no profile; null where there is one. */
  withheld: storedFailureSchema.nullable(),
});

/** The diameters that devices are sized by, as tables name them. */
export const DEVICE_DIAMETERS = ['maximum', 'minimum', 'area-derived', 'perimeter-derived'] as const;

const positiveMm = z.number().positive().max(100);
const span = (number: z.ZodNumber) =>
  z.tuple([number, number]).refine(([from, to]) => from <= to, 'the first number must not exceed the second');

/** A file of `resources/devices` or of a hospital's own folder. What no source says is left out. */
export const deviceTableSchema = z
  .strictObject({
    format: z.literal('auricle-devices'),
    formatVersion: z.literal(1),
    name: z.string().trim().min(1).max(80),
    use: z.literal('research display only'),
    source: z.strictObject({
      title: z.string().trim().min(1),
      /** Of the table in its source: an edition, a year. */
      version: z.string().trim().min(1),
      /** Whether somebody has compared the table with the manufacturer's instructions for use. */
      isVerified: z.boolean(),
      remarks: z.string().optional(),
      /** What others say of the table's numbers, whether they agree or not. */
      comparedWith: z
        .array(
          z.strictObject({
            title: z.string().trim().min(1),
            address: z.string().trim().min(1),
            /** A date, or that there is none. */
            published: z.string().trim().min(1),
            /** The day on which the source was read. */
            read: z.iso.date(),
            says: z.string().trim().min(1),
            agrees: z.boolean(),
          }),
        )
        .optional(),
      /** The numbers that could be compared with nothing, and why. */
      notCompared: z.string().optional(),
    }),
    /** The size that a device is chosen by. */
    sizedBy: z.strictObject({
      section: z.enum(['ostium', 'landing zone']),
      diameter: z.enum(DEVICE_DIAMETERS),
    }),
    /** Where the device comes to lie, along the centre line from the ostium. */
    landingZoneMm: positiveMm,
    /** How a device of the table looks; missing where nobody drew it: it can then not be placed. */
    shape: deviceShapeSchema.optional(),
    sizes: z
      .array(
        z
          .strictObject({
            label: z.string().trim().min(1).max(40),
            sizeMm: positiveMm,
            /** Of the measured diameter; both ends fit. */
            rangeMm: span(positiveMm),
            /** By which the device is to be narrower in place than by itself. */
            compressionPercent: span(z.number().min(0).max(90)).optional(),
            /** Of the appendage, from the ostium along the centre line. */
            depthNeededMm: positiveMm.optional(),
          })
          .refine(({ sizeMm, rangeMm }) => rangeMm[1] <= sizeMm, {
            path: ['rangeMm'],
            message: 'a device must not be narrower than what it is to fill',
          }),
      )
      .min(1)
      .refine(
        (sizes) => new Set(sizes.map(({ label }) => label)).size === sizes.length,
        'labels must differ',
      ),
  })
  .superRefine(({ shape, sizes }, context) => {
    for (const { sizeMm } of shape ? sizes : []) {
      const message = shape && whyNoShape(shape, sizeMm);
      if (message) context.addIssue({ code: 'custom', path: ['shape'], message });
    }
  });

/** A size that fits. */
export const deviceCandidateSchema = z.strictObject({
  label: z.string(),
  sizeMm: z.number(),
  rangeMm: z.tuple([z.number(), z.number()]),
  /** Of the diameter that the device is sized by: 20 for a device of 25 mm in 20 mm. */
  compressionPercent: z.number(),
  /** At the landing zone, along its maximum and its minimum diameter; below 0 the device is narrower than the lumen there. */
  landingZoneCompressionPercent: z.strictObject({ maximum: z.number(), minimum: z.number() }),
  /** Null where the table names none. */
  depthNeededMm: z.number().nullable(),
  /** Why a size that fits by the ostium is doubtful at the reader's landing zone; left out where it is not. */
  landingZoneDoubt: storedFailureSchema.optional(),
});

/** What a table says to an appendage. */
export const deviceFitSchema = z.strictObject({
  name: z.string(),
  source: deviceTableSchema.shape.source,
  sizedBy: deviceTableSchema.shape.sizedBy,
  /** Where it was measured: the table's own distance, or the reader's. */
  landingZoneMm: z.number(),
  /** The diameter that it is sized by. */
  measuredMm: z.number().nullable(),
  candidates: z.array(deviceCandidateSchema),
  /** Sizes whose range holds the diameter, but that do not fit for another reason. */
  excluded: z.array(z.strictObject({ label: z.string(), reason: storedFailureSchema })),
  /** Why there is no candidate; null where there is one. */
  withheld: storedFailureSchema.nullable(),
});

export const devicePlanSchema = z.strictObject({
  profile: lumenProfileSchema,
  /** The landing zone's distance that the reader chose; null: each table's own. */
  landingZoneMm: z.number().nullable(),
  devices: z.array(deviceFitSchema),
  /** The device that a reader placed; null where none is, and in plans before it. */
  virtualDevice: virtualDeviceSchema.nullable().default(null),
  /** From the ostium's rim to what surrounds it; none in plans before them. */
  ostiumDistances: z.array(ostiumDistanceSchema).default([]),
});

export type ProfilePoint = z.output<typeof profilePointSchema>;
export type LumenProfile = z.output<typeof lumenProfileSchema>;
export type DeviceTable = z.output<typeof deviceTableSchema>;
export type DeviceCandidate = z.output<typeof deviceCandidateSchema>;
export type DeviceFit = z.output<typeof deviceFitSchema>;
export type DevicePlan = z.output<typeof devicePlanSchema>;
