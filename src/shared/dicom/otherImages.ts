import { type Failure, failure } from '../failures/failure.ts';
import type { DataElements } from './dataElements.ts';
import { modalityOf } from './sliceAttributes.ts';
import { ENHANCED_CT_CLASSES } from './transferSyntax.ts';

const SECONDARY_CAPTURE_PREFIX = '1.2.840.10008.5.1.4.1.1.7';
/** Words of Image Type by which scanners and workstations mark pictures that are no slices. */
const NEVER_SLICES = /\b(LOCALI[SZ]ER|SCOUT|TOPO|SCREEN|DOSE|PROT|REPORT)/;
const OTHER_KINDS = /\b(LOCALI[SZ]ER|SCOUT|TOPO|SCREEN|DOSE|PROT|REPORT|TEXT|OTHER|PATIENT)/;

const CONVERSION_TYPE = 'x00080064';

/** Whether an image says where it lies in the patient, in the data set itself. */
export const isPositioned = (elements: DataElements): boolean =>
  elements.decimals('x00200032').length >= 3 && elements.decimals('x00200037').length >= 6;

const imageTypeOf = (elements: DataElements): string[] =>
  elements.texts('x00080008').map((value) => value.toUpperCase());

/** Whether an image is named for something that is never a slice: a localiser, a dose page, a picture of a screen. */
export const isNamedAsOther = (elements: DataElements): boolean =>
  imageTypeOf(elements).some((value) => NEVER_SLICES.test(value));

/** Whether an image may be no slice by its type; reformatted series say the same. */
function isMarkedAsOther(elements: DataElements): boolean {
  const imageType = imageTypeOf(elements);
  if (imageType.some((value) => OTHER_KINDS.test(value))) return true;
  const isMade = imageType.includes('SECONDARY') || elements.has(CONVERSION_TYPE);
  return isMade && !imageType.includes('AXIAL');
}

/**
 * Why an image is no slice of the patient, though it may be filed among slices: a screenshot, a dose page, a scout
 * without position. undefined for slices, those that lost their attributes included: they are damage, which matters.
 */
export function whyNoSlice(elements: DataElements, sopClassUid: string): Failure | undefined {
  if (ENHANCED_CT_CLASSES.has(sopClassUid)) return undefined;
  const modality = modalityOf(elements);
  const noPosition = failure('dicom.no-position', { modality });
  if (sopClassUid.startsWith(SECONDARY_CAPTURE_PREFIX)) {
    return isPositioned(elements) ? failure('dicom.screenshot') : noPosition;
  }
  if (modality !== 'CT') {
    const frames = elements.decimals('x00280008')[0] ?? 1;
    return frames <= 1 && elements.has('x00200032') && elements.has('x00200037') ? undefined : noPosition;
  }
  const isColour =
    (elements.uint16('x00280002') ?? 1) > 1 || /RGB|YBR|PALETTE/.test(elements.text('x00280004'));
  const isMarked = isMarkedAsOther(elements);
  // Screenshots keep the position of what they show.
  if (isColour && isMarked) return failure('dicom.screenshot');
  const hasPlace = elements.decimals('x00200032').length > 0 || elements.decimals('x00200037').length > 0;
  return !hasPlace && (isColour || isMarked) ? noPosition : undefined;
}
