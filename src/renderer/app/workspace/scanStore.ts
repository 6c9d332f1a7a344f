import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SegmentationReport } from '#shared/contract/report.ts';
import type { Patient } from '#shared/contract/services/exporting.ts';
import { correctionInShort } from '#shared/dicom/correctionInWords.ts';
import type { SourceSeries } from '#shared/dicom/sourceSeries.ts';
import type { StackCorrection } from '#shared/dicom/stackCorrection.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { dateInWords } from '../../ui/valuesInWords.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { type PageWords, words } from '../../words/index.ts';
import type { ScanExtent } from './scanLifecycle.ts';

/** The scan that is on the screen. */
export interface Scan {
  readonly volume: ViewedVolume;
  readonly seriesInstanceUid: string;
  readonly patient: Patient;
  readonly isSample: boolean;
  readonly extent: ScanExtent;
  /** This and the next are there for a whole scan only. */
  readonly coarse: (() => Promise<ViewedVolume>) | null;
  readonly source: SegmentationReport['source'] | null;
  readonly sourceSeries: SourceSeries | null;
  readonly warnings: readonly Failure[];
}

export interface ScanState {
  readonly scan: Scan | null;
}

export type ScanStore = StoreApi<ScanState>;

export const createScanStore = (): ScanStore => createStore<ScanState>(() => ({ scan: null }));

/** Who the scan shows, and what was done to its slices, in one line for every view. */
export function bannerOf(
  patient: Patient,
  isSample: boolean,
  correction?: StackCorrection,
  { common, scan, recorded }: PageWords = words(),
): string {
  const born = patient.birthDate ? scan.born(dateInWords(patient.birthDate)) : '';
  const parts = [
    patient.name.replaceAll('^', ' ').trim(),
    patient.id,
    born,
    patient.sex,
    dateInWords(patient.studyDate),
  ].filter((part) => part !== '');
  if (isSample) parts.push(scan.sample);
  if (parts.length === 0) parts.push(common.noPatientData);
  if (correction !== undefined) parts.push(recorded(correctionInShort(correction)));
  return parts.join(' · ');
}
