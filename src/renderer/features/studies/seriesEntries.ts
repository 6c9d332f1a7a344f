import type { SegmentationReport } from '#shared/contract/report.ts';
import type { Patient } from '#shared/contract/services/exporting.ts';
import { assessSeries } from '#shared/dicom/assessSeries.ts';
import { correctionInShort } from '#shared/dicom/correctionInWords.ts';
import {
  type HeartPhase,
  heartPhaseOf,
  heartPhases,
  leftOutWarnings,
  phasesBeside,
} from '#shared/dicom/heartPhases.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { pickBestSeries } from '#shared/dicom/pickBestSeries.ts';
import type { SliceHeader } from '#shared/dicom/sliceHeader.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { SeriesEntry } from './types.ts';

/** The series as the list shows them, the best one for the appendage marked. */
export function seriesEntries(series: readonly ImageSeries[]): SeriesEntry[] {
  const { chosen } = pickBestSeries(series);
  const sets = heartPhases(series);
  return series.map((one) => {
    const { header } = one.slices[0]!;
    const { refusal, warnings } = assessSeries(one);
    const set = phasesBeside(sets, one.id);
    const inSet = set?.find(({ series: other }) => other === one);
    return {
      id: one.id,
      seriesInstanceUid: one.seriesInstanceUid,
      studyInstanceUid: header.identity.studyInstanceUid,
      // The list counts the slices itself.
      description: one.description.replace(/ \((one slice|\d+ slices)\)$/, ''),
      details: details(one),
      sliceCount: one.slices.length,
      spacingMm: one.geometry.kind === 'regular' ? one.geometry.grid.spacingMm : null,
      patient: patientOf(header),
      refusal: refusal ?? null,
      warnings: [...warnings, ...(inSet ? leftOutWarnings(inSet) : [])],
      canResample: refusal !== undefined && assessSeries(resampleUneven(one)).refusal === undefined,
      isPreselected: one === chosen,
      phase: set && inSet ? { ...inSet.phase, setId: set[0]!.series.id } : null,
    };
  });
}

function details(series: ImageSeries): string {
  const { slices, geometry } = series;
  const { plane, labels } = slices[0]!.header;
  const correction = geometry.kind === 'regular' ? geometry.correction : undefined;
  const phase = heartPhaseOf(series);
  const parts = [
    labels.modality,
    `${plane.columns} × ${plane.rows}`,
    labels.convolutionKernel === '' ? '' : `kernel ${labels.convolutionKernel}`,
    phase === undefined ? '' : phaseInWords(phase),
    labels.contrastAgent === '' ? '' : 'with contrast agent',
    correction === undefined ? '' : correctionInShort(correction),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** "40 % of R–R"; where no percentage stands in the files, how the phase is known. */
function phaseInWords({ label, percent, attribute, isByOrder }: HeartPhase): string {
  if (percent !== null) return `phase ${label} of R–R`;
  const name = label.startsWith('phase') ? label : `phase at ${label}`;
  return `${name} by ${isByOrder ? 'the order of ' : ''}${attribute}`;
}

const patientOf = ({ labels }: SliceHeader): Patient => ({
  name: personName(labels.patientName),
  id: labels.patientId,
  birthDate: isoDate(labels.patientBirthDate),
  sex: labels.patientSex,
  studyDate: isoDate(labels.studyDate),
  studyDescription: labels.studyDescription,
});

/** "DOE^JANE^M^DR" → "DOE, JANE M"; of several scripts (PS3.5 section 6.2.1.2) the first that is filled in. */
export function personName(value: string): string {
  const script = value.split('=').find((group) => group.replace(/[\^ ]/g, '') !== '') ?? '';
  const [family = '', ...given] = script.split('^').map((part) => part.trim());
  const rest = given
    .slice(0, 2)
    .filter((part) => part !== '')
    .join(' ');
  return [family, rest].filter((part) => part !== '').join(', ');
}

/** "19500131" → "1950-01-31"; anything else unchanged. */
export const isoDate = (value: string): string => value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

/** What reports say of the series that is segmented. */
export function reportSource(
  chosen: ImageSeries,
  grid: GridLps,
  all: readonly ImageSeries[],
  skippedFiles: number,
): SegmentationReport['source'] {
  const { identity, labels } = chosen.slices[0]!.header;
  const { chosen: best, rejected } = pickBestSeries(all);
  const others = [...rejected];
  if (best !== undefined && best !== chosen) {
    // The chosen one is among the rejected then, known by its description alone.
    const own = others.findIndex(({ description }) => description === chosen.description);
    if (own >= 0) others.splice(own, 1);
    others.unshift({ description: best.description, reason: failure('series.another-chosen-by-hand') });
  }
  const round = (value: number): number => Number(value.toFixed(6));
  const [sI, sJ, sK] = grid.spacingMm;
  return {
    seriesInstanceUid: chosen.seriesInstanceUid,
    frameOfReferenceUid: identity.frameOfReferenceUid,
    firstSopInstanceUid: identity.sopInstanceUid,
    ...withoutUndefined({ firstFrameNumber: identity.frameNumber }),
    seriesDescription: labels.seriesDescription,
    sizeIjk: [...grid.sizeIjk],
    spacingMm: [round(sI), round(sJ), round(sK)],
    slices: chosen.slices.length,
    ...(chosen.geometry.kind === 'regular'
      ? withoutUndefined({ correction: chosen.geometry.correction })
      : {}),
    ...withoutUndefined({ heartPhase: heartPhaseOf(chosen) }),
    skippedFiles,
    otherSeries: others,
  };
}
