import type { DataElements } from '../dicom/dataElements.ts';

/*
 * A second look at what the profile keeps: names and numbers of the patient that stand where nobody expects them.
 */

/** Attributes whose values must not be found anywhere else: names, patient's numbers, accession number. */
const IDENTIFYING = ['x00100010', 'x00101001', 'x00101005', 'x00100020', 'x00101000', 'x00080050'];
/** Shorter words are found by chance everywhere. */
const LEAST_CHARACTERS = 4;

const folded = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** The words that identify the patient of a file, in lower case and without accents. */
export function identifyingWords(elements: DataElements): string[] {
  const words = IDENTIFYING.flatMap((tag) => folded(elements.text(tag)).split(/[\s^=\\,;.]+/));
  return [...new Set(words.filter((word) => word.length >= LEAST_CHARACTERS))];
}

/** Whether a text holds one of the words. */
export function namesPatient(text: string, words: readonly string[]): boolean {
  const plain = folded(text);
  return words.some((word) => plain.includes(word));
}

/** Words of imaging; of a description that is cleaned only these are kept, and numbers with a unit. */
const IMAGING_WORDS = new Set(
  `ct cta cect ncct mdct angio angiography coronary cardiac heart herz thorax chest abdomen pelvis aorta aortic atrium
  atrial auricle appendage ventricle valve pulmonary vein veins artery arteries vessel vessels lung lungs left right
  contrast enhanced native non arterial venous delayed early late phase phases systole systolic diastole diastolic
  best gated gating ecg ekg retro retrospective prospective spiral helical sequence scan series study axial coronal
  sagittal oblique mpr mip minip vrt recon reconstruction thin thick slice slices soft tissue bone kernel filter
  sharp smooth standard topogram scout localizer localiser bolus tracking monitoring calcium score calcscore cardio
  flash dual energy source low dose iv with without and pre post follow up mm cm kv ma mas ms hu percent tavi tavr
  laa laao laac planning body whole head neck spine routine protocol adult volume original derived primary`.split(
    /\s+/,
  ),
);

/** "CTA HEART 0.6 mm, Dr Miller" → "CTA HEART 0.6 mm": everything but words of imaging and short numbers is left out. */
export const cleanedDescription = (text: string): string =>
  text
    .split(/[\s,;_/()[\]^=-]+/)
    .filter(
      (word) => IMAGING_WORDS.has(folded(word)) || /^\d{1,3}([.]\d{1,2})?(mm|kv|%|s|ms|cm)?$/i.test(word),
    )
    .join(' ')
    .slice(0, 64);
