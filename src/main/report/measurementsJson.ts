import { givenFilling, planInWords, reasonsInWords } from '#shared/contract/report.ts';
import { resultNotice } from '#shared/modelTraining.ts';
import { phasesInWords } from '#shared/phases/phaseTable.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { annotationsJson } from './annotationRows.ts';
import { cArmRows } from './cArmRows.ts';
import type { DescribedFile } from './describedFile.ts';
import { ostiumBeyond } from './ostiumBeyond.ts';
import { allWarnings, type ReportInput } from './reportInput.ts';

/**
 * Measurements and provenance as JSON: alone, or beside a mesh or a mask, which it then describes. Points and
 * directions are LPS, mm, whatever the frame of the file. No patient data.
 */
export function measurementsJson(input: ReportInput, file?: DescribedFile): Uint8Array {
  const { report, measurements, mesh, maskExtent, edits, madeAt, plan, landmarks, annotations } = input;
  const { review, reviewedBy, reviewedSteps, warnings } = input;
  const content = {
    format: file ? `auricle-${file.kind}-description` : 'auricle-measurements',
    formatVersion: 1,
    notice: resultNotice(report.models),
    ...(file ? { file } : {}),
    program: report.program,
    madeAt: madeAt.toISOString(),
    source: {
      seriesInstanceUid: report.source.seriesInstanceUid,
      frameOfReferenceUid: report.source.frameOfReferenceUid,
      ...withoutUndefined({ correction: report.source.correction, heartPhase: report.source.heartPhase }),
    },
    coordinates: report.coordinates,
    models: report.models,
    engine: { id: report.engine.id, device: report.engine.device },
    region: report.region,
    edits,
    review,
    reviewedBy,
    reviewedSteps,
    /** Moved towards the atrium by a reader; null where the ostium lies within the surface that was found. */
    ostiumBeyondFound: ostiumBeyond(warnings),
    measurements: { ...measurements, withheld: reasonsInWords(measurements.withheld) },
    landmarks: landmarks.ridgeLpsMm || landmarks.circumflexLpsMm ? landmarks : null,
    drawn: annotationsJson(annotations),
    planning: plan && planInWords(plan),
    heartCycle: heartCycle(input),
    contrast: report.contrast,
    filling: givenFilling(report, measurements),
    cArmViews: cArmRows(measurements).map(({ alphaDegrees, betaDegrees }) => ({
      alphaDegrees,
      betaDegrees: Math.round(betaDegrees * 10) / 10,
    })),
    surface: mesh,
    ...(maskExtent ? { mask: { extent: maskExtent } } : {}),
    warnings: allWarnings(input),
  };
  return new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
}

/** All phases in words; null where there are fewer than two. Without UIDs and descriptions of their series. */
function heartCycle({ phases }: ReportInput) {
  if (phases.length < 2) return null;
  const { phases: all, ...rest } = phasesInWords(phases);
  return { ...rest, phases: all.map(({ seriesId: _, description: __, ...phase }) => phase) };
}
