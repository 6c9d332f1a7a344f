import { type Catalogue, words } from '../words/index.ts';

/** Values as people read them, in one form everywhere in the page. */

const NAMES: Readonly<Record<string, string>> = { onnx: 'ONNX Runtime', webgpu: 'WebGPU', cuda: 'CUDA' };

const nameOf = (id: string): string =>
  id === 'viewer' ? words().engines.viewer : Object.hasOwn(NAMES, id) ? (NAMES[id] ?? id) : id;

/** An engine by its full name, with what it runs on once that is known: `ONNX Runtime · CPU, 2 threads`. */
export const engineInWords = ({ id, device }: { readonly id: string; readonly device: string }): string =>
  [nameOf(id), ...(device === '' ? [] : [words().recorded(device)])].join(' · ');

/** How far the work on a scan is. */
export const workStateInWords = (state: keyof Catalogue['workStates'], isReported = false): string => {
  const word = words().workStates[state];
  return isReported ? words().workReported(word) : word;
};

/** A moment (ISO 8601) in local time, in the form of all dates: `2000-01-01 09:05`. */
export function momentInWords(isoMoment: string): string {
  const at = new Date(isoMoment);
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join('-');
  return `${date} ${clockInWords(isoMoment)}`;
}

/** The local time of day of a moment (ISO 8601): `09:05`. */
export function clockInWords(isoMoment: string): string {
  const at = new Date(isoMoment);
  return [at.getHours(), at.getMinutes()].map(twoDigits).join(':');
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** DICOM's `19540203` as a person reads it; anything else as it is. */
export const dateInWords = (dicomDate: string): string =>
  /^\d{8}$/.test(dicomDate)
    ? `${dicomDate.slice(0, 4)}-${dicomDate.slice(4, 6)}-${dicomDate.slice(6)}`
    : dicomDate;

/** The longest word that stays whole; names of files may be identifiers of 64 characters and more. */
const LONGEST = 32;
const HEAD = 16;
const TAIL = 12;

/** A sentence whose longest words are shortened in the middle: what tells files apart is how they begin and end. */
export const shortenWords = (sentence: string): string =>
  sentence.replace(/\S+/gu, (word) => {
    const letters = [...word];
    return letters.length <= LONGEST
      ? word
      : `${letters.slice(0, HEAD).join('')}…${letters.slice(-TAIL).join('')}`;
  });
