import type { Failure } from '../failures/failure.ts';
import type { Vec3 } from '../geometry/vec3.ts';
import type { CodecName } from './pixelCodecs.ts';

/** What one CT slice says about itself: everything but its pixels. Read by `parseSliceHeader`. */
export interface SliceHeader {
  readonly identity: {
    readonly sopClassUid: string;
    readonly sopInstanceUid: string;
    /** From 1; undefined in single-frame files. */
    readonly frameNumber: number | undefined;
    readonly seriesInstanceUid: string;
    readonly studyInstanceUid: string;
    /** '' where the file has none. */
    readonly frameOfReferenceUid: string;
    /** Of an image that was divided into several files (PS3.3 C.7.6.16.2.2.4): which part of how many this one is. */
    readonly partOfImage?: { readonly number: number; readonly count: number | undefined } | undefined;
  };
  /** Texts for people, '' where absent. Patient data: never to be logged. */
  readonly labels: {
    readonly modality: string;
    readonly patientName: string;
    readonly patientId: string;
    /** Who gave the Patient ID: the same ID of another issuer is another patient's. */
    readonly patientIdIssuer: string;
    readonly patientBirthDate: string;
    readonly patientSex: string;
    readonly studyDate: string;
    readonly studyTime: string;
    readonly accessionNumber: string;
    readonly studyDescription: string;
    readonly seriesNumber: string;
    readonly seriesDescription: string;
    readonly protocolName: string;
    readonly manufacturer: string;
    readonly convolutionKernel: string;
    readonly contrastAgent: string;
    readonly bodyPart: string;
    /** The values of Image Type (0008,0008): ORIGINAL or DERIVED, PRIMARY or SECONDARY, AXIAL or LOCALIZER, … */
    readonly imageType: readonly string[];
  };
  /** What distinguishes acquisitions and heart phases within one series; undefined where the file does not say. */
  readonly acquisition: {
    readonly instanceNumber: number | undefined;
    readonly acquisitionNumber: number | undefined;
    readonly imagesInAcquisition: number | undefined;
    readonly acquisitionTime: string;
    readonly temporalPosition: number | undefined;
    readonly cardiacPhasePercent: number | undefined;
    readonly triggerTimeMs: number | undefined;
    readonly triggerDelayMs: number | undefined;
    readonly acquisitionDateTime: string;
    readonly acquisitionDate: string;
    readonly contentDate: string;
    readonly contentTime: string;
    readonly seriesTime: string;
    readonly derivation: string;
    readonly filterType: string;
    readonly scanOptions: string;
    readonly imageComments: string;
    readonly tubeVoltageKv: number | undefined;
    /** Of a virtual monoenergetic image. */
    readonly monoenergeticKev: number | undefined;
    /** Values of the elements in otherDistinctions.ts, in their order. */
    readonly others: readonly string[];
  };
  readonly plane: SlicePlane;
  readonly pixels: PixelFormat;
  readonly storage: PixelStorage;
  /** What a radiologist should know of the pixels (compressed with loss, …), one sentence each. */
  readonly remarks: readonly Failure[];
  /** The first window of the file in HU, where it has one. */
  readonly window: { readonly centreHu: number; readonly widthHu: number } | undefined;
}

/** Where a slice lies in the patient (DICOM PS3.3 C.7.6.2), LPS mm. */
export interface SlicePlane {
  readonly rows: number;
  readonly columns: number;
  /** Distance between the centres of neighbouring columns (along a row) and of neighbouring rows, in mm. */
  readonly columnSpacingMm: number;
  readonly rowSpacingMm: number;
  /** Direction in which the column index grows: the first triple of Image Orientation (Patient), unit length. */
  readonly alongRow: Vec3;
  /** Direction in which the row index grows: the second triple, unit length and perpendicular to `alongRow`. */
  readonly alongColumn: Vec3;
  /** Centre of the first voxel. */
  readonly positionLpsMm: Vec3;
  readonly sliceThicknessMm: number | undefined;
  readonly gantryTiltDegrees: number | undefined;
}

/** How the stored values of a slice become HU, and where in the file they lie. */
export interface PixelFormat {
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** HU = slope · stored value + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** Stored values from `from` to `to`, both included, are outside of the scanned field. */
  readonly padding: { readonly from: number; readonly to: number } | undefined;
  /**
   * Byte offset of the slice's first stored value, or of its first item where it is encapsulated (see
   * `PixelStorage`).
   */
  readonly dataOffset: number;
}

/** How a slice's stored values are kept in its file. */
export type PixelStorage =
  /** `bigEndian`: the bytes of each pair are swapped, two values of 8 bits in a big-endian word too. */
  | { readonly kind: 'native'; readonly bigEndian: boolean }
  /** The whole data set is deflated; `dataOffset` counts in the inflated data set. */
  | {
      readonly kind: 'deflated';
      readonly dataSetOffset: number;
      /** What there is to inflate, as far as matrix and frames need it. */
      readonly inflatedBytes: number;
    }
  | {
      readonly kind: 'encapsulated';
      readonly codec: CodecName | 'rle';
      /** Bytes of the file that hold the items of this slice's frame; `to` undefined: up to the file's end. */
      readonly from: number;
      readonly to: number | undefined;
      /** Whether an offset table comes before the frame's own fragments. */
      readonly hasOffsetTable: boolean;
    };

/** The bytes of a file that must be read to decode a slice; `to` undefined: up to the file's end. */
export function storedRange({ plane, pixels, storage }: SliceHeader): {
  readonly from: number;
  readonly to: number | undefined;
} {
  switch (storage.kind) {
    case 'native': {
      const [from, to] = [pixels.dataOffset, pixels.dataOffset + pixelDataLength(plane, pixels)];
      // Whole pairs, where they are to be swapped.
      return storage.bigEndian ? { from: from - (from % 2), to: to + (to % 2) } : { from, to };
    }
    case 'deflated':
      return { from: storage.dataSetOffset, to: undefined };
    case 'encapsulated':
      return { from: storage.from, to: storage.to };
  }
}

/** The bytes that a slice's stored values take. */
export const pixelDataLength = (plane: SlicePlane, pixels: PixelFormat): number =>
  plane.rows * plane.columns * (pixels.bitsAllocated / 8);

/** What a file turns out to be. No reason names the file. */
export type ParsedFile =
  | { readonly kind: 'slice'; readonly header: SliceHeader }
  /** A multi-frame image: its frames as slices, in the order of the file. */
  | { readonly kind: 'frames'; readonly headers: readonly SliceHeader[] }
  | { readonly kind: 'notDicom' }
  /** A DICOMDIR: it lists the files beside it. */
  | { readonly kind: 'index' }
  /** DICOM, but no slice: a report, a segmentation, a plan, a screenshot; the series it is filed in. */
  | { readonly kind: 'notImage'; readonly reason: Failure; readonly seriesInstanceUid: string }
  /** Sound DICOM that this version does not read. */
  | {
      readonly kind: 'unsupported';
      readonly reason: Failure;
      readonly seriesInstanceUid: string;
      /** Where a picture in colour says that it lies: it may be one of a slice. */
      readonly pictureOfLpsMm?: Vec3;
    }
  /** DICOM that is cut short or contradicts itself; the series it belongs to ('' where even that is lost). */
  | {
      readonly kind: 'damaged';
      readonly reason: Failure;
      readonly seriesInstanceUid: string;
      /** The matrix of an image that has neither position nor orientation: it may be a scout. */
      readonly unplacedMatrix?: ImageMatrix;
    };

export interface ImageMatrix {
  readonly rows: number;
  readonly columns: number;
}
