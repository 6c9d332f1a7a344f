import { assessSeries } from '#shared/dicom/assessSeries.ts';
import { heartPhaseOf } from '#shared/dicom/heartPhases.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { pickBestSeries } from '#shared/dicom/pickBestSeries.ts';
import { scanWarnings } from '#shared/dicom/studyScan.ts';
import { words } from '#shared/words/words.ts';
import type { StudyScan } from './scanDicomFolder.ts';

/** A series in a list: what it is, and whether it can be segmented. Nothing in it names the patient. */
export interface ListedSeries {
  readonly id: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly description: string;
  readonly modality: string;
  /** Where in the heart cycle ("40 %", "350 ms", "phase 3"); null where the files do not say. */
  readonly phase: string | null;
  /** The attribute that says so, by its name in PS3.6. */
  readonly phaseBy: string | null;
  readonly slices: number;
  readonly columns: number;
  readonly rows: number;
  /** null where the slices are no regular stack. */
  readonly spacingMm: readonly number[] | null;
  /** Why it cannot be segmented; null where it can. */
  readonly refusal: string | null;
  readonly warnings: readonly string[];
  /** Whether `auricle segment` takes it. */
  readonly isChosen: boolean;
}

export interface SeriesList {
  readonly series: readonly ListedSeries[];
  /** What could not be read. */
  readonly problems: readonly string[];
  /** DICOM objects that are no slices, and files that are no DICOM. */
  readonly otherFiles: number;
}

/** What a scan found, in words. */
export function seriesList(scan: StudyScan): SeriesList {
  const { sentence } = words('en');
  const { chosen } = pickBestSeries(scan.series);
  const listed = (series: ImageSeries): ListedSeries => {
    const { identity, labels, plane } = series.slices[0]!.header;
    const { refusal, warnings } = assessSeries(series);
    const phase = heartPhaseOf(series);
    return {
      id: series.id,
      seriesInstanceUid: series.seriesInstanceUid,
      studyInstanceUid: identity.studyInstanceUid,
      description: series.description,
      modality: labels.modality,
      phase: phase?.label ?? null,
      phaseBy: phase?.attribute ?? null,
      slices: series.slices.length,
      columns: plane.columns,
      rows: plane.rows,
      spacingMm: series.geometry.kind === 'regular' ? series.geometry.grid.spacingMm : null,
      refusal: refusal === undefined ? null : sentence(refusal),
      warnings: warnings.map(sentence),
      isChosen: series === chosen,
    };
  };
  return {
    series: scan.series.map(listed),
    problems: scanWarnings(scan).map(sentence),
    otherFiles: scan.skippedNonDicom + scan.problems.filter(({ kind }) => kind === 'notImage').length,
  };
}
