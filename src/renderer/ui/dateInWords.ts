/** DICOM's `19540203` as a person reads it; anything else as it is. */
export const dateInWords = (dicomDate: string): string =>
  /^\d{8}$/.test(dicomDate)
    ? `${dicomDate.slice(0, 4)}-${dicomDate.slice(4, 6)}-${dicomDate.slice(6)}`
    : dicomDate;
