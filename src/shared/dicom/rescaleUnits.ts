/** What Rescale Type (0028,1054) says of the values. */
export type RescaleUnits = 'hounsfield' | 'unspecified' | 'other';

const NAME = 'HOUNSFIELD';
/** Misspellings in archives: Houndsfield, Hounsfeld, Housfield, Hounsefield, Hunsfield, … */
const MOST_WRONG_LETTERS = 3;
/** Hounsfield units in English, German, and French or Spanish. */
const ABBREVIATIONS = new Set(['HU', 'HUS', 'HE', 'UH']);
/** "Units" in English and German, written together with the name. */
const UNITS = /(UNITS?|EINHEIT(EN)?)$/;
/** "US" is DICOM's word for a unit that is not specified (PS3.3 C.11.1.1.2). */
const UNSPECIFIED = new Set(['US', 'UNSPECIFIED', 'UNKNOWN', 'NONE', 'NA', 'UN']);

/**
 * The units of rescaled values. An empty type means Hounsfield units in CT. Modified ones (HU_MOD) and those of
 * multi-energy images are others.
 */
export function rescaleUnits(rescaleType: string): RescaleUnits {
  const words = rescaleType
    .toUpperCase()
    .split(/[^A-Z]+/)
    .filter((word) => word !== '');
  const letters = words.join('');
  // Multiples and shares: HU*10, HU/1000, %.
  if (/[\d%]/.test(rescaleType)) return 'other';
  if (letters === '' || ABBREVIATIONS.has(letters) || letters.startsWith('CTNUMBER')) return 'hounsfield';
  if (UNSPECIFIED.has(letters)) return 'unspecified';
  if (words.some((word) => word.startsWith('MOD'))) return 'other';
  const names = words.filter((word) => ABBREVIATIONS.has(word) || isMisspelt(word));
  return names.length > 0 || isMisspelt(letters.replace(UNITS, '')) ? 'hounsfield' : 'other';
}

const isMisspelt = (word: string): boolean => editDistance(word, NAME) <= MOST_WRONG_LETTERS;

/** Letters to change, add or leave out (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
