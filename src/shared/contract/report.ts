import { z } from 'zod';
import { type Words, words } from '../words/words.ts';
import { storedFailureSchema } from './failure.ts';
import { type DevicePlan, devicePlanSchema } from './planning.ts';
import { surroundingsSchema } from './surroundings.ts';
import { heartPhaseSchema, stackCorrectionSchema } from './values.ts';
import type { VirtualDevice } from './virtualDevice.ts';

/**
 * The report that travels with every segmentation; `report.json` has it in words ({@link reportInWords}). Points and directions are LPS, in mm; a quantity
 * that is withheld (because the scan cuts the appendage, say) is null, and a warning says why.
 */
const vec3 = z.tuple([z.number(), z.number(), z.number()]);

export const usedModelSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['region', 'field', 'family', 'surroundings']),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** `synthetic`, or what whoever imported the model said. */
  trainedOn: z.string(),
});

/** A section of the lumen with its sizes; a size that its outline does not support is null. */
const sectionSchema = z.strictObject({
  centreLpsMm: vec3,
  /** Distal: from the atrium into the appendage. */
  normal: vec3,
  areaMm2: z.number(),
  perimeterMm: z.number().nullable(),
  maxDiameterMm: z.number(),
  minDiameterMm: z.number(),
  areaDerivedDiameterMm: z.number().nullable(),
  perimeterDerivedDiameterMm: z.number().nullable(),
  eccentricity: z.number(),
});

/** A landmark of the ostium as the field model finds it. */
const landmarkSchema = z.strictObject({
  pointLpsMm: vec3,
  /** How far the places that the model points at from round it disagree: root mean square, mm. */
  spreadMm: z.number(),
  /** From the ostium's plane, distal positive, mm. */
  fromPlaneMm: z.number(),
});

/** An appendage that contrast does not fill, in two compartments: their volumes add up to the appendage's. */
const fillingSchema = z.strictObject({
  filledMl: z.number(),
  unfilledMl: z.number(),
  /** How far noise moves the border between them, mL. */
  uncertaintyMl: z.number(),
  /** Median, HU; null where nothing is filled. */
  filledHu: z.number().nullable(),
  unfilledHu: z.number(),
  /** Where the unfilled compartment begins and ends along the centre line, mm from the ostium. */
  fromDepthMm: z.number(),
  toDepthMm: z.number(),
});

export const segmentationReportSchema = z.strictObject({
  format: z.literal('auricle-report'),
  formatVersion: z.literal(1),
  notice: z.string(),
  program: z.strictObject({ name: z.literal('Auricle'), version: z.string() }),
  coordinates: z.literal('LPS mm'),
  source: z.strictObject({
    seriesInstanceUid: z.string(),
    frameOfReferenceUid: z.string(),
    /** Of the first slice, by which phases of a series are told apart; reports before them have none. */
    firstSopInstanceUid: z.string().optional(),
    /** Of the same slice within its file, from 1; missing where a file holds one slice. */
    firstFrameNumber: z.int().positive().optional(),
    seriesDescription: z.string(),
    sizeIjk: vec3,
    spacingMm: vec3,
    slices: z.int(),
    /** Missing where the slices are a regular lattice themselves; size and spacing are those of the corrected one. */
    correction: stackCorrectionSchema.optional(),
    /** Missing where the files name none. */
    heartPhase: heartPhaseSchema.optional(),
    skippedFiles: z.int(),
    otherSeries: z.array(z.strictObject({ description: z.string(), reason: storedFailureSchema })),
  }),
  region: z.strictObject({
    centreLpsMm: vec3,
    edgeMm: z.number(),
    /** How often such a find of the region network is the appendage, 0 to 1; null where the user gave the centre. */
    confidence: z.number().nullable(),
  }),
  ostium: sectionSchema.nullable(),
  /** What the ostium's plane is tied to, as first segmented; null where the field model knows no landmarks. */
  ostiumLandmarks: z
    .strictObject({
      ridge: landmarkSchema,
      circumflex: landmarkSchema,
      /** Standard deviations of the plane's position and direction. */
      planeSdMm: z.number(),
      planeSdDegrees: z.number(),
    })
    .nullable()
    .default(null),
  /** What surrounds the appendage; null where no network looked for it, and in earlier reports. */
  surroundings: surroundingsSchema.nullable().default(null),
  /** Sections perpendicular to the centre line, where occluders land; those that the appendage has. Reports before them have none. */
  landingZones: z
    .array(sectionSchema.extend({ /** Along the centre line from the ostium. */ distanceMm: z.number() }))
    .default([]),
  /** How often a surface like this is the appendage, 0 to 1 (docs/accuracy.md); null where the model cannot say, and in reports before it. */
  confidence: z.number().min(0).max(1).nullable().default(null),
  /** Why no number of the appendage is given; null where numbers are. */
  unfit: storedFailureSchema.nullable().default(null),
  volumeMl: z.number().nullable(),
  depthMm: z.number().nullable(),
  depthToFirstBendMm: z.number().nullable(),
  /** Area of the open wall, without the ostium. */
  surfaceAreaMm2: z.number().nullable(),
  /**
   * Why numbers are null, by the names that tables give them: `perimeterMm` of the ostium, `landingZone10`,
   * `landingZone10.perimeterMm`, `depthMm`. Reports before it have none.
   */
  withheld: z.record(z.string(), storedFailureSchema).default({}),
  /** Sizes along the centre line and the devices that fit; null in the application, which plans apart, and in earlier reports. */
  planning: devicePlanSchema.nullable().default(null),
  contrast: z.strictObject({ atriumHu: z.number().nullable(), appendageHu: z.number().nullable() }),
  /** As first segmented; null where the appendage is one compartment or its volume is withheld, and in earlier reports. */
  filling: fillingSchema.nullable().default(null),
  mesh: z.strictObject({
    vertices: z.int(),
    faces: z.int(),
    components: z.int(),
    watertight: z.boolean(),
    outwardNormals: z.boolean(),
    manifold: z.boolean(),
    genus: z.number().nullable(),
    selfIntersections: z.int(),
    degenerateFaces: z.int(),
    minAngleDegrees: z.number(),
    /** Boundary loops of the open wall; one: the ostium's rim. */
    wallBoundaryLoops: z.int().nullable(),
    droppedPieces: z.int(),
  }),
  models: z.array(usedModelSchema),
  engine: z.strictObject({ id: z.string(), device: z.string(), remarks: z.array(storedFailureSchema) }),
  evaluatedPoints: z.int(),
  secondsPerStage: z.record(z.string(), z.number()),
  /** The largest resident memory of the process so far, MiB. */
  peakMemoryMib: z.number(),
  warnings: z.array(storedFailureSchema),
});

export type SegmentationReport = z.infer<typeof segmentationReportSchema>;

/** The report as it is written for people and other programs: warnings, remarks and reasons are sentences. */
export function reportInWords(report: SegmentationReport, inWords: Words = words()) {
  const { sentence } = inWords;
  const otherSeries = report.source.otherSeries.map(({ description, reason }) => ({
    description,
    reason: sentence(reason),
  }));
  return {
    ...report,
    source: { ...report.source, otherSeries },
    engine: { ...report.engine, remarks: report.engine.remarks.map(sentence) },
    unfit: report.unfit && sentence(report.unfit),
    withheld: reasonsInWords(report.withheld, inWords),
    planning: report.planning && planInWords(report.planning, inWords),
    warnings: report.warnings.map(sentence),
  };
}

export type FillingReport = z.infer<typeof fillingSchema>;

/** The compartments, where the volume that they divide is given. */
export const givenFilling = (
  { filling }: Pick<SegmentationReport, 'filling'>,
  { volumeMl }: Pick<SegmentationReport, 'volumeMl'>,
): FillingReport | null => (volumeMl === null ? null : filling);

export type LumenSection = z.infer<typeof sectionSchema>;

/** Why numbers are withheld, as sentences, by the numbers' names. */
export const reasonsInWords = (
  withheld: SegmentationReport['withheld'],
  { sentence }: Words = words(),
): Record<string, string> =>
  Object.fromEntries(Object.entries(withheld).map(([name, reason]) => [name, sentence(reason)]));

/** A plan with its reasons as sentences. */
export const planInWords = (
  { profile, landingZoneMm, devices, virtualDevice, ostiumDistances }: DevicePlan,
  inWords: Words = words(),
) => {
  const orNull = (reason: DevicePlan['profile']['withheld']) => reason && inWords.sentence(reason);
  return {
    profile: {
      ...profile,
      points: profile.points.map(({ widerThanOstium: _, ...point }) => ({
        ...point,
        withheld: reasonsInWords(point.withheld, inWords),
      })),
      withheld: orNull(profile.withheld),
    },
    landingZoneMm,
    devices: devices.map((device) => ({
      ...device,
      excluded: device.excluded.map(({ label, reason }) => ({ label, reason: inWords.sentence(reason) })),
      withheld: orNull(device.withheld),
    })),
    virtualDevice: virtualDevice && virtualDeviceInWords(virtualDevice, inWords),
    ostiumDistances: ostiumDistances.map((one) => ({ ...one, withheld: orNull(one.withheld) })),
  };
};

/** A placed device with its reasons and warnings as sentences. */
export const virtualDeviceInWords = (device: VirtualDevice, inWords: Words = words()) => ({
  ...device,
  withheld: reasonsInWords(device.withheld, inWords),
  warnings: device.warnings.map(inWords.sentence),
});
