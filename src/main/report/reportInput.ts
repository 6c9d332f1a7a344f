import type { PlaneLps } from '#shared/anatomy/plane.ts';
import type { Annotation } from '#shared/contract/annotations.ts';
import type { Letterhead } from '#shared/contract/letterhead.ts';
import type { DevicePlan } from '#shared/contract/planning.ts';
import type { PlanningStep } from '#shared/contract/planningSteps.ts';
import type { SegmentationReport } from '#shared/contract/report.ts';
import type { Patient, Picture, ReviewedBy } from '#shared/contract/services/exporting.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import type { PhaseResult } from '#shared/contract/services/phases.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { ScanPicture } from '#shared/planning/figureFrames.ts';
import type { ReportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import { words } from '#shared/words/words.ts';
import type { MaskExtent } from './describedFile.ts';
import { otherPhaseWarning } from './otherPhase.ts';

/** A surface with its ostium, as figures are drawn of it. */
export interface DrawnSurface {
  /** The closed lumen. */
  readonly closed: TriangleMesh;
  readonly ostiumPlane: PlaneLps | null;
  /** The ostium's rim, a closed loop of 3·n coordinates, LPS mm. */
  readonly rimLpsMm: Float32Array | null;
}

/** Everything that a document says about a result. */
export interface ReportInput {
  readonly measurements: Measurements;
  /** Of the surface as it is now, after a person's changes. */
  readonly mesh: SegmentationReport['mesh'];
  /** Of the surface as it is now. */
  readonly warnings: readonly Failure[];
  /** Of the segmentation's own surface; a person's changes may have made them untrue. */
  readonly warningsBeforeEditing: readonly Failure[];
  /** Of the automatic segmentation: source, models, engine, contrast; warnings that hold whatever was changed. */
  readonly report: SegmentationReport;
  /** Devices and sizes along the centre line; null where nobody planned. */
  readonly plan: DevicePlan | null;
  /** Every phase of the heart cycle that was segmented; none where one was. */
  readonly phases: readonly PhaseResult[];
  /** The ostium's landmarks that the reader set. */
  readonly landmarks: ReportedLandmarks;
  /** What a reader drew in the planes. */
  readonly annotations: readonly Annotation[];
  readonly patient: Patient;
  /** In whose name the documents are made; never in DICOM objects. */
  readonly letterhead: Letterhead;
  /** What a person changed, by name, in order. */
  readonly edits: readonly string[];
  readonly review: 'not reviewed' | 'accepted' | 'rejected';
  readonly reviewedBy: ReviewedBy | null;
  /** Planning steps that the reviewer went through. */
  readonly reviewedSteps: readonly PlanningStep[];
  readonly pictures: readonly Picture[];
  /** The surface that was measured: figures are drawn of it; null where it is not at hand. */
  readonly surface: DrawnSurface | null;
  /** Of the plan's virtual device. */
  readonly deviceMesh: TriangleMesh | null;
  /** The scan in the figures' frames, as far as it was at hand. */
  readonly scanPictures: readonly ScanPicture[];
  /** What of the scan the mask covers that is written beside the documents; null where none is. */
  readonly maskExtent: MaskExtent | null;
  readonly madeAt: Date;
}

/** A line of two: what, and what it is. */
export type Fact = readonly [label: string, value: string];

/** What stands at the top of every document. */
export const RESEARCH_ONLY = 'Research use only. Not for clinical decisions.';

/** In words: the warnings about scan and surface as they are now, then those about the surface before editing, marked. */
export function allWarnings(input: ReportInput): string[] {
  const { warnings, warningsBeforeEditing, report } = input;
  const { sentence } = words();
  const otherPhase = otherPhaseWarning(input.phases, report.source.heartPhase?.label);
  const now = new Set([...report.warnings, ...warnings].map(sentence));
  const earlier = warningsBeforeEditing.map(sentence).filter((warning) => !now.has(warning));
  return [
    ...(otherPhase === null ? [] : [otherPhase]),
    ...now,
    ...new Set(earlier.map((warning) => `Before editing: ${warning}`)),
  ];
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The picture's bytes. @throws UserError where they are no PNG. */
export function pngBytes({ png }: Picture): Uint8Array {
  if (!PNG_SIGNATURE.every((value, index) => png[index] === value)) {
    throw new UserError(failure('export.picture-not-png'));
  }
  return png;
}
