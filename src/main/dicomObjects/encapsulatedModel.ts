import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { encodeObj } from '../interchange/obj.ts';
import { encodeStl } from '../interchange/stl.ts';
import { CODES, codeSequence, UNITS } from './codes.ts';
import { encodeDicom, fitted } from './dicomDataset.ts';
import {
  commonInstanceReference,
  equipment,
  frameOfReference,
  identity,
  NOT_CLINICAL,
  type ObjectContext,
  patientAndStudy,
  sourceReferences,
} from './objectContext.ts';
import type { WrittenObject } from './segmentation.ts';

export type ModelFormat = 'stl' | 'obj';

const FORMATS = {
  stl: { sopClassUid: '1.2.840.10008.5.1.4.1.1.104.3', mimeType: 'model/stl', seriesOffset: 3 },
  obj: { sopClassUid: '1.2.840.10008.5.1.4.1.1.104.4', mimeType: 'model/obj', seriesOffset: 4 },
} as const;

/** A surface to encapsulate, LPS mm. */
export interface ModelToWrite {
  readonly mesh: TriangleMesh;
  /** "closed lumen", "open wall", "printable shell". */
  readonly label: string;
}

/**
 * A surface as Encapsulated STL or OBJ (PS3.3 A.85.1, A.85.2): vertices in mm, in the scan's frame of reference and
 * LPS axes, as the standard wants them.
 */
export function writeEncapsulatedModel(
  { mesh, label }: ModelToWrite,
  format: ModelFormat,
  context: ObjectContext,
): WrittenObject {
  const { sopClassUid, mimeType, seriesOffset } = FORMATS[format];
  const text = `${label}, research use only`;
  const document = format === 'stl' ? encodeStl(mesh, text) : encodeObj([{ name: label, mesh }], text);
  const description = `Auricle: left atrial appendage, ${label}, ${format.toUpperCase()}`;
  const ids = identity(
    context,
    { sopClassUid, modality: 'M3D', seriesOffset, seriesDescription: description },
    document,
  );
  const { source } = context;
  const { AcquisitionDate: date = '', AcquisitionTime: time = '' } = source.attributes;
  const bytes = encodeDicom({
    ...patientAndStudy(context),
    ...frameOfReference(context),
    ...equipment(context),
    ...ids,
    ...commonInstanceReference(context),
    // Encapsulated Document (PS3.3 C.24.2)
    AcquisitionDateTime: date === '' ? '' : `${date}${time}`,
    BurnedInAnnotation: 'NO',
    RecognizableVisualFeatures: 'NO',
    SourceInstanceSequence: sourceReferences(context),
    DocumentTitle: fitted(`Left atrial appendage, ${label}`, 64),
    ConceptNameCodeSequence: codeSequence(CODES.model),
    MIMETypeOfEncapsulatedDocument: mimeType,
    EncapsulatedDocument: document,
    EncapsulatedDocumentLength: document.length,
    // Manufacturing 3D Model (PS3.3 C.35.1)
    MeasurementUnitsCodeSequence: codeSequence(UNITS.mm),
    ModelModification: context.edits.length > 0 ? 'YES' : 'NO',
    ModelMirroring: 'NO',
    ContentDescription: NOT_CLINICAL,
  });
  return {
    bytes,
    sopClassUid,
    sopInstanceUid: String(ids.SOPInstanceUID),
    seriesInstanceUid: String(ids.SeriesInstanceUID),
  };
}
