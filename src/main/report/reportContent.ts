import { stepsInWords } from '#shared/contract/planningSteps.ts';
import { correctionInWords } from '#shared/dicom/correctionInWords.ts';
import { resultNotice, trainingInWords } from '#shared/modelTraining.ts';
import { howKnown } from '#shared/phases/phaseTable.ts';
import { type AnnotationRow, annotationRows } from './annotationRows.ts';
import { type CArmRow, cArmRows } from './cArmRows.ts';
import { type CycleContent, cycleContent } from './cycleContent.ts';
import { MASK_EXTENT_WORDS } from './describedFile.ts';
import { type Letterhead, logoAddress } from './letterhead.ts';
import { type MeasurementRow, measurementRows } from './measurementRows.ts';
import { type PlanContent, planContent } from './planContent.ts';
import { type Figure, reportFigures } from './reportFigures.ts';
import { allWarnings, type Fact, RESEARCH_ONLY, type ReportInput } from './reportInput.ts';
import { reviewInWords } from './reviewInWords.ts';
import { straightenedFigures } from './straightenedFigures.ts';
import { uncertaintyFacts } from './uncertaintyFacts.ts';
import { withheldGroups, withheldSentence } from './withheldGroups.ts';

/** What the report says, in order, whatever it is printed as. Plain text throughout. */
export interface ReportContent {
  readonly title: string;
  readonly letterhead: Letterhead;
  readonly notice: string;
  readonly longNotice: string;
  readonly patient: readonly Fact[];
  /** The patient in one line, for the head of each page. */
  readonly patientLine: string;
  readonly review: { readonly state: ReportInput['review']; readonly sentence: string };
  readonly warnings: readonly string[];
  /** What is not given, and why; a sentence each. */
  readonly withheld: readonly string[];
  /** How sure the result is, as far as anything says so. */
  readonly uncertainty: readonly Fact[];
  readonly measurements: readonly MeasurementRow[];
  /** Ostium, landing zones, device and C-arm view. */
  readonly figures: readonly Figure[];
  /** What a reader drew in the planes. */
  readonly annotations: readonly AnnotationRow[];
  /** Null where nobody planned. */
  readonly plan: PlanContent | null;
  readonly cycle: CycleContent | null;
  readonly cArmViews: readonly CArmRow[];
  readonly cArmNote: string;
  readonly edits: readonly string[];
  readonly surface: readonly Fact[];
  readonly provenance: readonly Fact[];
}

const C_ARM_NOTE =
  'Projections with the beam perpendicular to the ostial axis, computed from the CT for a supine patient in the same posture. Not verified on a C-arm.';

const orDash = (text: string): string => (text.trim() === '' ? '–' : text.trim());

/** "DOE^JANE^^DR" and its ideographic and phonetic groups, for reading (DICOM PS3.5, 6.2.1). */
export const readableName = (name: string): string =>
  name
    .split('=')
    .map((group) => group.split('^').filter(Boolean).join(' ').trim())
    .filter(Boolean)
    .join(' / ');

/** "20260131" as 2026-01-31; anything else as it is. */
export const readableDate = (date: string): string =>
  date.trim().replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

export function reportContent(input: ReportInput): ReportContent {
  const { patient, report, mesh, edits, review, reviewedBy, reviewedSteps, measurements } = input;
  const name = orDash(readableName(patient.name));
  const born = orDash(readableDate(patient.birthDate));
  return {
    title: 'Left atrial appendage in CT',
    letterhead: { name: input.letterhead.name.trim(), logo: logoAddress(input.letterhead) },
    notice: RESEARCH_ONLY,
    longNotice: resultNotice(report.models),
    patient: [
      ['Patient', name],
      ['ID', orDash(patient.id)],
      ['Born', born],
      ['Sex', orDash(patient.sex)],
      ['Study date', orDash(readableDate(patient.studyDate))],
      ['Study', orDash(patient.studyDescription)],
    ],
    patientLine: `${name} · ID ${orDash(patient.id)} · born ${born} · study of ${orDash(readableDate(patient.studyDate))}`,
    review: {
      state: review,
      sentence: `${reviewInWords(review, reviewedBy)} ${stepsInWords(reviewedSteps)}`.trim(),
    },
    warnings: allWarnings(input),
    withheld: withheldGroups(input).map(withheldSentence),
    uncertainty: uncertaintyFacts(input),
    measurements: measurementRows(input),
    figures: reportFigures(input),
    annotations: annotationRows(input.annotations),
    plan: input.plan && planContent(input.plan, measurements, straightenedFigures(input)),
    cycle: cycleContent(input),
    cArmViews: cArmRows(measurements),
    cArmNote: C_ARM_NOTE,
    edits,
    surface: [
      ['Vertices, faces', `${mesh.vertices}, ${mesh.faces}`],
      ['Closed, one piece', `${yesNo(mesh.watertight)}, ${yesNo(mesh.components === 1)}`],
      ['Manifold, normals outward', `${yesNo(mesh.manifold)}, ${yesNo(mesh.outwardNormals)}`],
      ['Topological handles', mesh.genus === null ? 'not determined' : String(mesh.genus)],
      ['Self-intersections', String(mesh.selfIntersections)],
    ],
    provenance: provenance(input),
  };
}

const heartPhaseInWords = (phase: NonNullable<ReportInput['report']['source']['heartPhase']>): string =>
  `${phase.label}, by ${howKnown(phase)}`;

const yesNo = (is: boolean): string => (is ? 'yes' : 'no');

function provenance({ report, madeAt, maskExtent }: ReportInput): Fact[] {
  const { source, engine, program } = report;
  return [
    ['Program', `${program.name} ${program.version}`],
    ['Report made', `${madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ['Series', orDash(source.seriesDescription)],
    ...(source.heartPhase ? [['Heart phase', heartPhaseInWords(source.heartPhase)] satisfies Fact] : []),
    ['Series UID', source.seriesInstanceUid],
    ['Frame of reference UID', orDash(source.frameOfReferenceUid)],
    [
      'Scan',
      `${source.sizeIjk.join(' × ')} voxels of ${source.spacingMm.map((mm) => mm.toFixed(2)).join(' × ')} mm`,
    ],
    ...(source.correction ? [['Geometry', correctionInWords(source.correction)] satisfies Fact] : []),
    ...report.models.map(
      (model): Fact => [
        `Model, ${model.kind}`,
        `${model.id}, ${trainingInWords(model)}, SHA-256 ${model.sha256}`,
      ],
    ),
    ['Engine', `${engine.id}, ${engine.device}`],
    ['Coordinates', report.coordinates],
    ...(maskExtent ? [['Mask', MASK_EXTENT_WORDS[maskExtent]] satisfies Fact] : []),
  ];
}
