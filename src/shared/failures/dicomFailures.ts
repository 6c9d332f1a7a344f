import type { FailureDeclarations } from './declaration.ts';

/** What one DICOM file says, lacks or contradicts. None names the file: a failure around it does. */
export const dicomFailures = {
  'dicom.file-empty': {},
  'dicom.file-shrank': {},
  'dicom.file-unreadable': {},
  'dicom.header-cut': {},
  'dicom.pixel-data-missing': {},
  /** `modality` as the file has it, empty where it has none. */
  'dicom.no-image': { modality: 'text' },
  'dicom.no-position': { modality: 'text' },
  'dicom.screenshot': {},
  // Enhanced CT
  'dicom.frames-not-enhanced-ct': {},
  'dicom.frame-count-unknown': {},
  'dicom.frames-undescribed': { described: 'number', frames: 'number' },
  'dicom.frames-cut': {},
  // Attributes
  /** `attribute` by its name in PS3.6. */
  'dicom.attribute-missing': { attribute: 'text' },
  'dicom.attribute-unreadable': { attribute: 'text' },
  'dicom.matrix-implausible': { columns: 'number', rows: 'number' },
  'dicom.pixel-spacing-zero': {},
  'dicom.orientation-not-unit': {},
  'dicom.axes-skewed': {},
  'dicom.bits-stored': { bitsStored: 'number', highBit: 'number', bitsAllocated: 'number' },
  /** The values have bits beyond those that the header names. */
  /** A warning: values have bits that the header does not count. */
  'dicom.bits-above': { bitsStored: 'number' },
  'dicom.slice-blank': {},
  /** Which values of tissue the header takes for padding, and how many pixels have them off the image's rim. */
  'dicom.padding-in-tissue': { pixels: 'number', fromHu: 'number', toHu: 'number' },
  /** The bytes of each value lie the wrong way round. */
  'dicom.bytes-swapped': {},
  'dicom.bits-stray': { bitsStored: 'number', highBit: 'number' },
  'dicom.rescale-slope-zero': {},
  /** An element, by its name in PS3.6, that is there twice. */
  'dicom.contradicts-itself': { element: 'text' },
  // Kinds of pixels that cannot be read
  'dicom.compression-unsupported': { compression: 'text' },
  'dicom.colour': {},
  'dicom.photometric-interpretation': { photometric: 'text' },
  'dicom.lossy-jpeg-bits': { bits: 'number' },
  'dicom.lossy-jpeg-frames': {},
  'dicom.bits-allocated': { bits: 'numberOrNull' },
  'dicom.float-pixels': {},
  'dicom.look-up-table': {},
  'dicom.rescale-type': { rescaleType: 'text' },
  // Remarks on pixels that are read
  'dicom.lossy': {},
  'dicom.monochrome1': {},
  'dicom.units-unlabelled': {},
  // Extent of the pixel data
  'dicom.pixel-data-not-encapsulated': {},
  'dicom.pixel-data-encapsulated': {},
  'dicom.pixel-data-short': { claimedBytes: 'number', neededBytes: 'number' },
  'dicom.pixel-data-long': { claimedBytes: 'number', neededBytes: 'number' },
  /** A warning: a row or more is left after the image. */
  'dicom.pixel-data-left': { claimedBytes: 'number', neededBytes: 'number' },
  'dicom.file-cut': { presentPercent: 'number' },
  'dicom.file-cut-before-pixels': {},
  // Files that were joined
  'dicom.image-behind': {},
  /** A warning. */
  'dicom.object-behind': { fileName: 'text' },
  /** A warning, of a slice that was decoded. */
  'dicom.object-behind-pixels': {},
  // Decoding; "its" is the file's
  'dicom.pixel-data-incomplete': {},
  'dicom.compressed-damaged': {},
  'dicom.compressed-ends-early': {},
  /** Nothing is known of the file: the program's own decoder could not be started. */
  'dicom.decoder-missing': {},
  /** A warning: values that are no HU, where a sign may have been lost. */
  'dicom.values-too-high': { fromHu: 'number' },
  'dicom.compressed-size': {
    columns: 'number',
    rows: 'number',
    headerColumns: 'number',
    headerRows: 'number',
  },
  'dicom.compressed-colour': {},
  'dicom.compressed-bits': { bits: 'number', bitsAllocated: 'number' },
  'dicom.compressed-sign': {},
  'dicom.compression-misnamed': {},
  'dicom.jpeg-bits': { bits: 'number' },
  'dicom.compressed-too-small': {},
  // A file by its base name
  'dicom.slice-undecodable': { fileName: 'text', reason: 'failure' },
} as const satisfies FailureDeclarations;
