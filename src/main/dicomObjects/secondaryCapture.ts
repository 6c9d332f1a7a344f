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
  sourceReferences,
} from './objectContext.ts';
import type { WrittenObject } from './segmentation.ts';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

export interface PictureToWrite {
  readonly png: Uint8Array;
  readonly caption: string;
  /** Whether text within the picture names the patient. */
  readonly namesPatient: boolean;
  /** From 1, within the series of all pictures of the result. */
  readonly number: number;
}

/**
 * A picture of a result as Secondary Capture (PS3.3 A.8.1), RGB, 8 bits.
 * @throws UserError where it is no PNG that can be decoded
 */
export function writeSecondaryCapture(picture: PictureToWrite, context: ObjectContext): WrittenObject {
  const { caption, namesPatient, number } = picture;
  const { width, height, rgb } = decoded(picture.png);
  const ids = identity(
    context,
    {
      sopClassUid: SECONDARY_CAPTURE,
      modality: 'OT',
      seriesOffset: 6,
      seriesDescription: 'Auricle: left atrial appendage, pictures',
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
    DerivationDescription: 'Picture of a segmentation and its measures',
    SourceImageSequence: sourceReferences(context),
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
function decoded(png: Uint8Array): { width: number; height: number; rgb: Uint8Array } {
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
