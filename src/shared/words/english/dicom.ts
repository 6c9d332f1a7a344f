import type { dicomFailures } from '../../failures/dicomFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const ofModality = (modality: string): string => (modality === '' ? '' : ` (modality ${modality})`);

const huRange = (fromHu: number, toHu: number): string => {
  const [from, to] = [fromHu, toHu].map((value) => value.toFixed(0));
  return from === to ? `${from} HU` : `${from} to ${to} HU`;
};

export const dicomWords: WordsFor<keyof typeof dicomFailures> = {
  'dicom.file-empty': () => 'The file is empty.',
  'dicom.file-shrank': () => 'The file became shorter while it was read.',
  'dicom.file-unreadable': () => 'The file could not be read.',
  'dicom.header-cut': () => 'The file ends within its header.',
  'dicom.pixel-data-missing': () => 'The file ends before its pixel data.',
  'dicom.no-image': ({ modality }) => `The file holds no image${ofModality(modality)}.`,
  'dicom.no-position': ({ modality }) => `The image has no position in the patient${ofModality(modality)}.`,
  'dicom.screenshot': () => 'The image is a screenshot.',

  'dicom.frames-not-enhanced-ct': () => 'The file holds several frames but is not an Enhanced CT.',
  'dicom.frame-count-unknown': () => 'The Enhanced CT does not say how many frames it has.',
  'dicom.frames-undescribed': ({ described, frames }) =>
    `The Enhanced CT describes ${described} of its ${frames} frames.`,
  'dicom.frames-cut': () => 'The compressed frames are cut short or contradict their table.',

  'dicom.attribute-missing': ({ attribute }) => `The slice has no ${attribute}.`,
  'dicom.attribute-unreadable': ({ attribute }) => `The slice's ${attribute} is unreadable.`,
  'dicom.matrix-implausible': ({ columns, rows }) =>
    `The slice has a matrix of ${columns} by ${rows}, which is not a CT image.`,
  'dicom.pixel-spacing-zero': () => 'The slice has a Pixel Spacing of zero or less.',
  'dicom.orientation-not-unit': () =>
    'The slice has an Image Orientation (Patient) that is not made of unit vectors.',
  'dicom.axes-skewed': () => 'The rows and columns of the slice are not at right angles.',
  'dicom.bits-stored': ({ bitsStored, highBit, bitsAllocated }) =>
    `The slice claims ${bitsStored} bits stored up to bit ${highBit} of ${bitsAllocated}.`,
  'dicom.bits-above': ({ bitsStored }) =>
    `Values have bits above the ${bitsStored} that their headers count (Bits Stored); these bits were left out, which some programs do not do.`,
  'dicom.slice-blank': () =>
    'There are slices that hold the same value everywhere: nothing is shown on them, and their files may have arrived damaged.',
  'dicom.padding-in-tissue': ({ pixels, fromHu, toHu }) =>
    `The header takes ${huRange(fromHu, toHu)} for the outside of the scan (Pixel Padding Value), though tissue has such values: ${pixels === 1 ? 'one pixel' : `${pixels} pixels`} amid the images count as outside.`,
  'dicom.bytes-swapped': () =>
    'The two bytes of its values lie the wrong way round: another program has written them in another order than the header says.',
  'dicom.bits-stray': ({ bitsStored, highBit }) =>
    `Its values have other bits than the ${bitsStored} up to bit ${highBit} that the header names.`,
  'dicom.contradicts-itself': ({ element }) => `The header gives ${element} twice, with values that differ.`,
  'dicom.rescale-slope-zero': () => 'The slice has a Rescale Slope of zero.',

  'dicom.compression-unsupported': ({ compression }) =>
    `The image’s compression, ${compression}, is not supported.`,
  'dicom.colour': () => 'The image is in colour, not CT values.',
  'dicom.photometric-interpretation': ({ photometric }) =>
    `The image is stored as ${photometric}, which is not a CT image.`,
  'dicom.lossy-jpeg-bits': ({ bits }) =>
    `The image is lossy JPEG of ${bits} bits a value; 8 and 12 can be read.`,
  'dicom.lossy-jpeg-frames': () =>
    'The frames are lossy JPEG of 12 bits a value, whose Hounsfield units cannot be relied on.',
  'dicom.bits-allocated': ({ bits }) =>
    `The image has ${bits ?? 'unknown'} bits a value; 8 and 16 can be read.`,
  'dicom.float-pixels': () => 'The values of the image are floating-point numbers, which cannot be read.',
  'dicom.look-up-table': () =>
    'The values of the image are given by a look-up table, not by Rescale Slope and Intercept.',
  'dicom.rescale-type': ({ rescaleType }) =>
    `The values of the image are in ${rescaleType}, not in Hounsfield units.`,

  'dicom.lossy': () => 'The images were compressed with loss: their values are not exact.',
  'dicom.monochrome1': () =>
    'The images are stored as MONOCHROME1 (dark means dense); their values are taken as they stand.',
  'dicom.units-unlabelled': () => 'The files do not say that their values are Hounsfield units.',

  'dicom.pixel-data-not-encapsulated': () =>
    'The slice claims to be compressed but its pixel data is not encapsulated.',
  'dicom.pixel-data-encapsulated': () =>
    'The slice claims to be uncompressed but its pixel data is encapsulated.',
  'dicom.pixel-data-short': ({ claimedBytes, neededBytes }) =>
    `The pixel data is too short for the matrix: ${claimedBytes} bytes where ${neededBytes} are needed.`,
  'dicom.pixel-data-long': ({ claimedBytes, neededBytes }) =>
    `The pixel data is too long for the matrix: ${claimedBytes} bytes where ${neededBytes} are needed; the header is wrong about the size, the bits or the number of the images.`,
  'dicom.pixel-data-left': ({ claimedBytes, neededBytes }) =>
    `Pixel data is longer than the images need (${claimedBytes} bytes where ${neededBytes} are needed); the rest was left out, and headers may be wrong about the size.`,
  'dicom.file-cut': ({ presentPercent }) =>
    `The file is cut short: only ${presentPercent} % of its pixel data is there.`,
  'dicom.file-cut-before-pixels': () => 'The file is cut short: its pixel data is not there.',
  'dicom.image-behind': () =>
    'A second image lies behind the first in the file; only one DICOM object in each file is read.',
  'dicom.object-behind': ({ fileName }) =>
    `The file ${fileName} holds another DICOM object behind the first; it was left out, as only one in each file is read.`,
  'dicom.object-behind-pixels': () =>
    'Files hold another DICOM object behind their image; it was left out, as only one in each file is read.',

  'dicom.pixel-data-incomplete': () => 'Its pixel data is incomplete.',
  'dicom.compressed-damaged': () => 'Its compressed pixel data is damaged.',
  'dicom.decoder-missing': () => 'The decoder for its compression could not be started.',
  'dicom.values-too-high': ({ fromHu }) =>
    `There are values above ${fromHu} HU, which nothing has: their headers may be wrong about the sign (Pixel Representation), and what is below zero may be shown as dense.`,
  'dicom.compressed-ends-early': () => 'Its compressed pixel data ends early.',
  'dicom.compressed-size': ({ columns, rows, headerColumns, headerRows }) =>
    `Its compressed image is ${columns} by ${rows} where the header says ${headerColumns} by ${headerRows}.`,
  'dicom.compressed-colour': () => 'Its compressed image is in colour, not CT values.',
  'dicom.compressed-bits': ({ bits, bitsAllocated }) =>
    `Its compressed image has ${bits} bits a value where the header allocates ${bitsAllocated}.`,
  'dicom.compressed-sign': () =>
    'Its compressed image has values below zero where the header says that there are none.',
  'dicom.compression-misnamed': () => 'Its compression is not the one that the header names.',
  'dicom.jpeg-bits': ({ bits }) => `It is JPEG with ${bits} bits a value, which cannot be read here.`,
  'dicom.compressed-too-small': () => 'Its compressed pixel data does not fill the image.',

  'dicom.slice-undecodable': ({ fileName, reason }, { clause }) =>
    `The file ${fileName} cannot be read: ${clause(reason)}.`,
};
