import type { Vec3 } from '#shared/geometry/vec3.ts';
import { type Code, codeSequence } from './codes.ts';
import type { DicomDataset } from './dicomDataset.ts';

/** An item of a structured report's tree (PS3.3 C.17.3). */
export type ContentItem = DicomDataset;

/** How an item belongs to the one above it. */
export type Relationship =
  | 'CONTAINS'
  | 'HAS CONCEPT MOD'
  | 'HAS OBS CONTEXT'
  | 'HAS ACQ CONTEXT'
  | 'HAS PROPERTIES'
  | 'INFERRED FROM';

const item = (
  relationship: Relationship | undefined,
  valueType: string,
  name: Code | undefined,
  value: DicomDataset,
  content: readonly ContentItem[] = [],
): ContentItem => ({
  RelationshipType: relationship,
  ValueType: valueType,
  ConceptNameCodeSequence: name && codeSequence(name),
  ...value,
  ContentSequence: content.length > 0 ? content : undefined,
});

/** A container; `template` is the number of its template in PS3.16. The root has no relationship. */
export const containerItem = (
  relationship: Relationship | undefined,
  name: Code,
  content: readonly ContentItem[],
  template?: string,
): ContentItem =>
  item(
    relationship,
    'CONTAINER',
    name,
    {
      ContinuityOfContent: 'SEPARATE',
      ContentTemplateSequence: template
        ? [{ MappingResource: 'DCMR', TemplateIdentifier: template }]
        : undefined,
    },
    content,
  );

export const codedItem = (relationship: Relationship, name: Code, value: Code): ContentItem =>
  item(relationship, 'CODE', name, { ConceptCodeSequence: codeSequence(value) });

export const textItem = (relationship: Relationship, name: Code, text: string): ContentItem =>
  item(relationship, 'TEXT', name, { TextValue: text });

export const uidItem = (relationship: Relationship, name: Code, uid: string): ContentItem =>
  item(relationship, 'UIDREF', name, { UID: uid });

/** A number with its unit; `modifiers` say how it was found. */
export const numberItem = (
  name: Code,
  value: number,
  unit: Code,
  modifiers: readonly ContentItem[] = [],
  relationship: Relationship = 'CONTAINS',
): ContentItem =>
  item(
    relationship,
    'NUM',
    name,
    {
      MeasuredValueSequence: [{ NumericValue: value, MeasurementUnitsCodeSequence: codeSequence(unit) }],
    },
    modifiers,
  );

/** A reference to an image, or to a segment or frame of one, which `details` name. */
export const imageItem = (
  name: Code | undefined,
  sopClassUid: string,
  sopInstanceUid: string,
  details: DicomDataset = {},
): ContentItem =>
  item('CONTAINS', 'IMAGE', name, {
    ReferencedSOPSequence: [
      { ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: sopInstanceUid, ...details },
    ],
  });

/** Points in a frame of reference, LPS mm (PS3.3 C.18.9): one, a line through several, or the outline of a plane area. An ellipse is the two ends of its major axis and the two of its minor one. */
export const coordinatesItem = (
  relationship: Relationship,
  name: Code,
  graphicType: 'POINT' | 'POLYLINE' | 'POLYGON' | 'ELLIPSE',
  pointsLpsMm: readonly Vec3[],
  frameOfReferenceUid: string,
): ContentItem =>
  item(relationship, 'SCOORD3D', name, {
    ReferencedFrameOfReferenceUID: frameOfReferenceUid,
    GraphicType: graphicType,
    // A polygon ends where it begins.
    GraphicData: [...pointsLpsMm, ...(graphicType === 'POLYGON' ? pointsLpsMm.slice(0, 1) : [])].flat(),
  });
