import { decode } from 'fast-png';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { encodeDicom } from './dicomDataset.ts';
import {
  equipment,
  identity,
  NOT_CLINICAL,
  type ObjectContext,
  patientAndStudy,
  sourceImageReferences,
} from './objectContext.ts';
import type { WrittenObject } from './segmentation.ts';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

/** Red, green and blue of every pixel, row by row from the top. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

interface Capture {
  readonly caption: string;
  /** Whether text within the picture names the patient. */
  readonly namesPatient: boolean;
  /** From 1, within the series of all pictures, or of all pages, of the result. */
  readonly number: number;
}

export interface PictureToWrite extends Capture {
  readonly png: Uint8Array;
}

export interface PageToWrite extends Omit<Capture, 'caption'> {
  readonly image: RgbImage;
  /** Of the document. */
  readonly pages: number;
}

interface CaptureSeries {
  /** Added to the series number. */
  readonly offset: number;
  readonly description: string;
  readonly derivation: string;
}
const PICTURES: CaptureSeries = {
  offset: 6,
  description: 'Auricle: left atrial appendage, pictures',
  derivation: 'Picture of a segmentation and its measures',
};
const PAGES: CaptureSeries = {
  offset: 7,
  description: 'Auricle: left atrial appendage, report',
  derivation: 'Page of a report of a segmentation and its measures',
};

/**
 * A picture of a result as Secondary Capture (PS3.3 A.8.1), RGB, 8 bits.
 * @throws UserError where it is no PNG that can be decoded
 */
export const writeSecondaryCapture = (picture: PictureToWrite, context: ObjectContext): WrittenObject =>
  writeCapture(decoded(picture.png), picture, PICTURES, context);

/** A page of the report as Secondary Capture, in a series of its own beside the pictures'. */
export const writeReportPage = (page: PageToWrite, context: ObjectContext): WrittenObject =>
  writeCapture(
    page.image,
    { ...page, caption: `Report, page ${page.number} of ${page.pages}` },
    PAGES,
    context,
  );

function writeCapture(
  { width, height, rgb }: RgbImage,
  { caption, namesPatient, number }: Capture,
  series: CaptureSeries,
  context: ObjectContext,
): WrittenObject {
  const ids = identity(
    context,
    {
      sopClassUid: SECONDARY_CAPTURE,
      modality: 'OT',
      seriesOffset: series.offset,
      seriesDescription: series.description,
      instanceNumber: number,
    },
    caption,
    rgb,
  );
  const bytes = encodeDicom({
    ...patientAndStudy(context),
    ...equipment(context),
    ...ids,
    BodyPartExamined: 'HEART',
    ConversionType: 'WSD',
    ImageType: ['DERIVED', 'SECONDARY'],
    PatientOrientation: '',
    BurnedInAnnotation: namesPatient ? 'YES' : 'NO',
    RecognizableVisualFeatures: 'NO',
    LossyImageCompression: '00',
    DerivationDescription: series.derivation,
    SourceImageSequence: sourceImageReferences(context),
    ImageComments: `${caption}. ${NOT_CLINICAL}`,
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: height,
    Columns: width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: rgb,
  });
  return {
    bytes,
    sopClassUid: SECONDARY_CAPTURE,
    sopInstanceUid: String(ids.SOPInstanceUID),
    seriesInstanceUid: String(ids.SeriesInstanceUID),
  };
}

/** The picture as red, green and blue; grey is repeated, transparency left out (what is behind it is black). */
function decoded(png: Uint8Array): RgbImage {
  let image: ReturnType<typeof decode>;
  try {
    image = decode(png);
  } catch {
    throw new UserError(failure('export.picture-damaged'));
  }
  const { width, height, channels, depth, data, palette } = image;
  if (depth < 8) throw new UserError(failure('export.picture-damaged'));
  const rgb = new Uint8Array(width * height * 3);
  const shift = depth - 8;
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const index = data[pixel]!;
      const value = palette
        ? (palette[index]?.[colour] ?? 0)
        : data[pixel * channels + (channels < 3 ? 0 : colour)]! >> shift;
      rgb[pixel * 3 + colour] = value;
    }
  }
  return { width, height, rgb };
}
