import { z } from 'zod';
import type { CtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { add, perAxis, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { type PhantomTruth, phantomTruthSchema } from './phantomTruth.ts';

/** A phase of the phantom's heart cycle: its anatomy, scaled about a point in the ostium. */
export interface PhantomPhase {
  /** Of the RR interval. */
  readonly percent: number;
  /** Of lengths, against the phase in which the appendage is largest. */
  readonly scale: number;
}

/** At the end of ventricular systole, just before the mitral valve opens, the atrium and its appendage are largest. */
export const LARGEST_AT_PERCENT = 40;
/** The share of its volume that the appendage loses until half a cycle later. */
const EMPTIED_SHARE = 0.4;
export const MOST_PHASES = 20;

/**
 * Evenly spaced phases in the order of the cycle, that of the largest appendage among them. The volume follows a cosine.
 *
 * Worked example: of two phases one is at 40 %, scale 1, the other at 90 %, scale ∛0.6 = 0.843.
 */
export function phantomPhases(count: number): PhantomPhase[] {
  return Array.from({ length: count }, (_, at) => (LARGEST_AT_PERCENT + (100 * at) / count) % 100)
    .sort((a, b) => a - b)
    .map((exact) => {
      const percent = Math.round(exact * 10) / 10;
      const beat = (1 - Math.cos((2 * Math.PI * (percent - LARGEST_AT_PERCENT)) / 100)) / 2;
      return { percent, scale: Math.cbrt(1 - EMPTIED_SHARE * beat) };
    });
}

/** "phase-040", "phase-006.7": folders in the order of the cycle. */
export const phaseFolderName = ({ percent }: PhantomPhase): string => {
  const [whole = '', tenths] = String(percent).split('.');
  return `phase-${whole.padStart(3, '0')}${tenths === undefined ? '' : `.${tenths}`}`;
};

/**
 * The grid on which the unscaled scene looks as the scaled one does on `grid`: a point p of the scan shows what the scene
 * has at c + (p − c) / scale.
 *
 * @param fixedLpsMm the point c about which the anatomy is scaled, in the ostium
 */
export function phaseGrid(grid: GridLps, fixedLpsMm: Vec3, { scale: factor }: PhantomPhase): GridLps {
  const from = subtract(grid.originLpsMm, fixedLpsMm);
  return {
    ...grid,
    originLpsMm: add(fixedLpsMm, scale(from, 1 / factor)),
    spacingMm: scale(grid.spacingMm, 1 / factor),
  };
}

/** What a phase's series says of itself. */
export const phaseMetadata = (
  metadata: CtSeriesMetadata,
  { percent }: PhantomPhase,
  at: number,
): CtSeriesMetadata => ({
  ...metadata,
  seriesNumber: at + 1,
  seriesDescription: `Synthetic CTA heart, arterial phase ${percent} % (phantom)`,
  cardiacPhasePercent: percent,
});

const { ostium, volumeMl, depthMm, depthToFirstBendMm } = phantomTruthSchema.shape;

/** `truth/phases.json`: what is known of every phase. The other files of `truth` are those of scale 1. */
export const phantomPhasesSchema = z.strictObject({
  format: z.literal('auricle-phantom-phases'),
  formatVersion: z.literal(1),
  phases: z.array(
    z.strictObject({
      percent: z.number(),
      scale: z.number(),
      folder: z.string(),
      ostium,
      volumeMl,
      depthMm,
      depthToFirstBendMm,
    }),
  ),
});

export type PhantomPhases = z.infer<typeof phantomPhasesSchema>;

/** The truth of scaled anatomy: lengths by the scale, areas by its square, the volume by its cube. */
export function truthOfPhases(
  truth: PhantomTruth,
  fixedLpsMm: Vec3,
  phases: readonly PhantomPhase[],
): PhantomPhases {
  const round = (value: number): number => Math.round(value * 1e4) / 1e4;
  return {
    format: 'auricle-phantom-phases',
    formatVersion: 1,
    phases: phases.map((phase) => {
      const length = (mm: number): number => round(mm * phase.scale);
      const lengthOrNull = (mm: number | null): number | null => (mm === null ? null : length(mm));
      return {
        percent: phase.percent,
        scale: round(phase.scale),
        folder: phaseFolderName(phase),
        ostium: {
          ...truth.ostium,
          centreLpsMm: perAxis((axis) =>
            round(fixedLpsMm[axis] + phase.scale * (truth.ostium.centreLpsMm[axis] - fixedLpsMm[axis])),
          ),
          areaMm2: round(truth.ostium.areaMm2 * phase.scale ** 2),
          perimeterMm: length(truth.ostium.perimeterMm),
          maxDiameterMm: length(truth.ostium.maxDiameterMm),
          minDiameterMm: length(truth.ostium.minDiameterMm),
          areaDerivedDiameterMm: length(truth.ostium.areaDerivedDiameterMm),
          perimeterDerivedDiameterMm: length(truth.ostium.perimeterDerivedDiameterMm),
        },
        volumeMl: round(truth.volumeMl * phase.scale ** 3),
        depthMm: lengthOrNull(truth.depthMm),
        depthToFirstBendMm: lengthOrNull(truth.depthToFirstBendMm),
      };
    }),
  };
}
