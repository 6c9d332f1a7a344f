import type { DataElements } from '../dicom/dataElements.ts';
import { type Failure, failure } from '../failures/failure.ts';

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const OWN_MAKER = 'Auricle';

/**
 * Why an instance may identify the patient by what no attribute tells: text within its pixels, a document, free text;
 * undefined where there is no reason to think so.
 */
export function riskOf(elements: DataElements, sopClassUid: string): Failure | undefined {
  const sopClass = sopClassUid.replace(STORAGE, '');
  const isOwn = elements.text('x00080070') === OWN_MAKER;
  const burnedIn = elements.text('x00280301').toUpperCase();
  if (burnedIn === 'YES') return failure('objects.burned-in');
  if (/^104\./.test(sopClass)) return isOwn ? undefined : failure('objects.document');
  if (/^88\./.test(sopClass)) return isOwn ? undefined : failure('objects.free-text');
  if (/^11\./.test(sopClass)) return failure('objects.annotations');
  if (sopClass === '66') return failure('objects.raw-data');
  if (burnedIn === 'NO') return undefined;
  const isPicture =
    /^7(\.|$)/.test(sopClass) || /^(6|3)\.1$/.test(sopClass) || elements.text('x00080060') === 'US';
  if (isPicture) return failure('objects.may-be-burned-in');
  // Dose pages, screenshots and colour pictures within a CT series.
  const isCt = sopClass === '2';
  const isColour = elements.uint16('x00280002') === 3;
  return isColour || (isCt && !elements.has('x00200032')) ? failure('objects.may-be-burned-in') : undefined;
}
