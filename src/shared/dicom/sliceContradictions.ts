import { type Failure, failure } from '../failures/failure.ts';
import type { SliceFile } from './imageSeries.ts';
import { secondsOf } from './phaseAttributes.ts';
import type { PixelFormat } from './sliceHeader.ts';

/** In what the slices of a volume differ about the bits of their values; each is read by its own header. */
export function depthNotes(slices: readonly SliceFile[]): Failure[] {
  const differ = (of: (pixels: PixelFormat) => number | boolean): boolean =>
    new Set(slices.map(({ header }) => of(header.pixels))).size > 1;
  const attributes = [
    differ(({ bitsAllocated }) => bitsAllocated) ? 'Bits Allocated' : '',
    differ(({ bitsStored }) => bitsStored) ? 'Bits Stored' : '',
    differ(({ highBit, bitsStored }) => highBit - bitsStored) ? 'High Bit' : '',
    differ(({ signed }) => signed) ? 'Pixel Representation' : '',
    differ(({ slope }) => slope) ? 'Rescale Slope' : '',
    differ(({ intercept }) => intercept) ? 'Rescale Intercept' : '',
  ].filter((name) => name !== '');
  return attributes.length === 0
    ? []
    : [failure('series.depth-differs', { attributes: attributes.join(', ') })];
}

/**
 * What the slices of a volume should share, as they are of one study, and do not: they may be of several examinations
 * that were given the same UIDs. Values are not named, for they are a patient's.
 */
export function studyNotes(slices: readonly SliceFile[]): Failure[] {
  const differ = (of: (slice: SliceFile) => string): boolean =>
    new Set(slices.map(of).filter((value) => value !== '')).size > 1;
  const attributes = [
    differ(({ header }) => digitsOf(header.labels.studyDate)) ? 'Study Date' : '',
    differ(({ header }) => timeOf(header.labels.studyTime)) ? 'Study Time' : '',
    differ(({ header }) => header.labels.accessionNumber) ? 'Accession Number' : '',
    areDaysApart(slices.map(({ header }) => header.acquisition.acquisitionDate)) ? 'Acquisition Date' : '',
  ].filter((name) => name !== '');
  return attributes.length === 0
    ? []
    : [failure('series.studies-contradict', { attributes: attributes.join(', ') })];
}

const digitsOf = (date: string): string => date.replace(/\D/g, '');

/** The same for all ways of writing one time of day. */
const timeOf = (time: string): string => (time === '' ? '' : String(secondsOf(time) ?? time));

const DAY_MS = 86_400_000;

/** Whether dates are more than a day apart: a scan may go on past midnight. */
function areDaysApart(dates: readonly string[]): boolean {
  const days = dates.flatMap((date) => {
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(digitsOf(date)) ?? [];
    return year === undefined ? [] : [Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS];
  });
  return days.length > 0 && Math.max(...days) - Math.min(...days) > 1;
}

/** A difference that decimals may have by the way they were written. */
const SAME_SHARE = 0.01;

/** In what the slices of a volume differ that one reconstruction of one scan has alike. */
export function reconstructionNotes(slices: readonly SliceFile[]): Failure[] {
  const differ = (of: (slice: SliceFile) => string): boolean =>
    new Set(slices.map(of).filter((value) => value !== '')).size > 1;
  const differAsNumbers = (of: (slice: SliceFile) => number | undefined): boolean => {
    const values = slices.map(of).filter((value) => value !== undefined);
    return values.length > 0 && Math.max(...values) - Math.min(...values) > SAME_SHARE * Math.max(...values);
  };
  const attributes = [
    differ(({ header }) => header.labels.convolutionKernel) ? 'Convolution Kernel' : '',
    differ(({ header }) => header.acquisition.filterType) ? 'Filter Type' : '',
    differAsNumbers(({ header }) => header.acquisition.tubeVoltageKv) ? 'KVP' : '',
    differAsNumbers(({ header }) => header.acquisition.monoenergeticKev)
      ? 'Monoenergetic Energy Equivalent'
      : '',
    differAsNumbers(({ header }) => header.plane.sliceThicknessMm) ? 'Slice Thickness' : '',
  ].filter((name) => name !== '');
  return attributes.length === 0
    ? []
    : [failure('series.made-differently', { attributes: attributes.join(', ') })];
}

/**
 * Whether fewer images are here than headers count in the acquisition (0020,1002), by acquisition: slices that are
 * missing at an end leave no gap.
 *
 * @param slices all of a series, copies included
 */
export function countNotes(slices: readonly SliceFile[]): Failure[] {
  const ofAcquisition = new Map<number | undefined, SliceFile[]>();
  for (const slice of slices) {
    const { acquisitionNumber } = slice.header.acquisition;
    const images = ofAcquisition.get(acquisitionNumber);
    if (images === undefined) ofAcquisition.set(acquisitionNumber, [slice]);
    else images.push(slice);
  }
  return [...ofAcquisition.values()].flatMap((images) => {
    const counted = Math.max(...images.map(({ header }) => header.acquisition.imagesInAcquisition ?? 0));
    return counted > images.length
      ? [failure('series.images-missing', { counted, found: images.length })]
      : [];
  });
}

/** Whether files of an image that was divided into several may be missing, as none of those that are here counts them. */
export function concatenationNotes(slices: readonly SliceFile[]): Failure[] {
  const parts = slices.flatMap(({ header }) => header.identity.partOfImage ?? []);
  const isCounted = parts.some(({ count }) => count !== undefined);
  const files = new Set(parts.map(({ number }) => number)).size;
  return parts.length === 0 || isCounted ? [] : [failure('series.files-of-image-uncounted', { files })];
}
