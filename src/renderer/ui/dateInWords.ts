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
