import type { DicomDataset } from './dicomDataset.ts';

/** A coded concept (PS3.3 section 8): value, scheme, meaning. */
export type Code = readonly [value: string, scheme: string, meaning: string];

/** One item of a code sequence. */
export const codeItem = ([value, scheme, meaning]: Code): DicomDataset => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});

/** A sequence of one code. */
export const codeSequence = (code: Code): readonly DicomDataset[] => [codeItem(code)];

/**
 * Concepts that DICOM and SNOMED have no code for. A private scheme's designator begins with 99 (PS3.16 section 8); what
 * it is stands in the Coding Scheme Identification Sequence of each object that uses it.
 */
export const PRIVATE_SCHEME = '99AURICLE';
export const PRIVATE_SCHEME_ITEM: DicomDataset = {
  CodingSchemeDesignator: PRIVATE_SCHEME,
  CodingSchemeName: 'Concepts of Auricle',
  CodingSchemeResponsibleOrganization: 'Auricle',
};

/** Codes of PS3.16 (context groups and templates in brackets), SNOMED CT, LOINC and UCUM that the objects use. */
export const CODES = {
  // Structures (CID 12339)
  appendage: ['33626005', 'SCT', 'Left auricular appendage'],
  ostium: ['131120', 'DCM', 'Ostium of Left Auricular Appendage'],
  leftAtrium: ['82471001', 'SCT', 'Left atrium'],
  // Segments (CID 7150)
  anatomicalStructure: ['123037004', 'SCT', 'Anatomical Structure'],
  // Algorithms (CID 7162)
  artificialIntelligence: ['123110', 'DCM', 'Artificial Intelligence'],
  // Documents (CID 7061)
  model: ['85040-4', 'LN', 'CT 3D CAM model'],
  // Derivation (CID 7203, 7202)
  segmentation: ['113076', 'DCM', 'Segmentation'],
  sourceImage: ['121322', 'DCM', 'Source image for image processing operation'],
} as const satisfies Readonly<Record<string, Code>>;

/** Concepts of the measurement report (TID 1500 and the templates that it includes). */
export const REPORT_CODES = {
  report: ['126000', 'DCM', 'Imaging Measurement Report'],
  language: ['121049', 'DCM', 'Language of Content Item and Descendants'],
  english: ['en', 'RFC5646', 'English'],
  observerType: ['121005', 'DCM', 'Observer Type'],
  device: ['121007', 'DCM', 'Device'],
  deviceUid: ['121012', 'DCM', 'Device Observer UID'],
  deviceName: ['121013', 'DCM', 'Device Observer Name'],
  deviceManufacturer: ['121014', 'DCM', 'Device Observer Manufacturer'],
  deviceModel: ['121015', 'DCM', 'Device Observer Model Name'],
  deviceSerial: ['121016', 'DCM', 'Device Observer Serial Number'],
  procedure: ['121058', 'DCM', 'Procedure reported'],
  ct: ['25045-6', 'LN', 'CT unspecified body region'],
  imageLibrary: ['111028', 'DCM', 'Image Library'],
  imageLibraryGroup: ['126200', 'DCM', 'Image Library Group'],
  modality: ['121139', 'DCM', 'Modality'],
  computedTomography: ['CT', 'DCM', 'Computed Tomography'],
  frameOfReference: ['112227', 'DCM', 'Frame of Reference UID'],
  measurements: ['126010', 'DCM', 'Imaging Measurements'],
  group: ['125007', 'DCM', 'Measurement Group'],
  trackingId: ['112039', 'DCM', 'Tracking Identifier'],
  trackingUid: ['112040', 'DCM', 'Tracking Unique Identifier'],
  finding: ['121071', 'DCM', 'Finding'],
  findingSite: ['363698007', 'SCT', 'Finding Site'],
  method: ['370129005', 'SCT', 'Measurement Method'],
  derivation: ['121401', 'DCM', 'Derivation'],
  mean: ['373098007', 'SCT', 'Mean'],
  standardDeviation: ['386136009', 'SCT', 'Standard Deviation'],
  minimum: ['255605001', 'SCT', 'Minimum'],
  maximum: ['56851009', 'SCT', 'Maximum'],
  median: ['373099004', 'SCT', 'Median'],
  referencedSegment: ['121191', 'DCM', 'Referenced Segment'],
  sourceSeries: ['121232', 'DCM', 'Source series for segmentation'],
  algorithmName: ['111001', 'DCM', 'Algorithm Name'],
  algorithmVersion: ['111003', 'DCM', 'Algorithm Version'],
  algorithmParameters: ['111002', 'DCM', 'Algorithm Parameters'],
  comment: ['121106', 'DCM', 'Comment'],
  heartPhase: ['246092007', 'SCT', 'Cardiac cycle phase'],
  percentOfCycle: ['RR_PERCENT', PRIVATE_SCHEME, 'Place in the R-R interval'],
  imageRegion: ['111030', 'DCM', 'Image Region'],
  centre: ['111010', 'DCM', 'Center'],
  sourceOfMeasurement: ['121112', 'DCM', 'Source of Measurement'],
} as const satisfies Readonly<Record<string, Code>>;

/** Quantities (CID 12338 for the appendage, 7470 for lengths, 7464 for statistics) and how they were found. */
export const QUANTITIES = {
  depth: ['131221', 'DCM', 'Left atrial appendage depth'],
  ostiumPerimeter: ['131225', 'DCM', 'Left atrial appendage ostium perimeter'],
  landingZoneMajorAxis: ['131222', 'DCM', 'Left atrial appendage landing zone major axis'],
  majorAxis: ['131187009', 'SCT', 'Major Axis'],
  minorAxis: ['131188004', 'SCT', 'Minor Axis'],
  diameter: ['81827009', 'SCT', 'Diameter'],
  perimeter: ['131191004', 'SCT', 'Perimeter'],
  area: ['42798000', 'SCT', 'Area'],
  volume: ['118565006', 'SCT', 'Volume'],
  distance: ['121206', 'DCM', 'Distance'],
  length: ['410668003', 'SCT', 'Length'],
  angle: ['1483009', 'SCT', 'Angle'],
  attenuation: ['112031', 'DCM', 'Attenuation Coefficient'],
  depthToFirstBend: ['DEPTH_TO_BEND', PRIVATE_SCHEME, 'Depth to the first bend of the centre line'],
  wallArea: ['WALL_AREA', PRIVATE_SCHEME, 'Area of the wall without the ostium'],
  eccentricity: ['ECCENTRICITY', PRIVATE_SCHEME, 'Eccentricity'],
  fromArea: ['FROM_AREA', PRIVATE_SCHEME, 'Diameter of the circle of the same area'],
  fromPerimeter: ['FROM_PERIMETER', PRIVATE_SCHEME, 'Diameter of the circle of the same perimeter'],
  filledPart: ['FILLED_PART', PRIVATE_SCHEME, 'Part of the appendage that contrast fills'],
  unfilledPart: ['UNFILLED_PART', PRIVATE_SCHEME, 'Part of the appendage that contrast does not fill'],
  beginsAt: ['BEGINS_AT', PRIVATE_SCHEME, 'Begins along the centre line, from the centre of the ostium'],
  endsAt: ['ENDS_AT', PRIVATE_SCHEME, 'Ends along the centre line, from the centre of the ostium'],
  virtualDevice: ['VIRTUAL_DEVICE', PRIVATE_SCHEME, 'Virtual occluder as a reader placed it'],
  deviceSize: ['DEVICE_SIZE', PRIVATE_SCHEME, 'Nominal size of the device'],
  deviceLumenMaximum: ['DEVICE_LUMEN_MAX', PRIVATE_SCHEME, 'Maximum diameter of the lumen at the device'],
  deviceLumenMinimum: ['DEVICE_LUMEN_MIN', PRIVATE_SCHEME, 'Minimum diameter of the lumen at the device'],
  deviceCompressionMaximum: ['DEVICE_COMPR_MAX', PRIVATE_SCHEME, 'Compression along the maximum diameter'],
  deviceCompressionMinimum: ['DEVICE_COMPR_MIN', PRIVATE_SCHEME, 'Compression along the minimum diameter'],
  deviceDepth: ['DEVICE_DEPTH', PRIVATE_SCHEME, 'Depth of the device along the centre line'],
  deviceProtrusion: ['DEV_PROTRUSION', PRIVATE_SCHEME, 'Protrusion of the device past the ostium'],
  lobeProtrusion: ['LOBE_PROTRUSION', PRIVATE_SCHEME, 'Protrusion of the lobe past the ostium'],
  deviceOverlap: ['DEVICE_OVERLAP', PRIVATE_SCHEME, 'Overlap of the device with the wall'],
  deviceGap: ['DEVICE_GAP', PRIVATE_SCHEME, 'Largest gap between device and wall'],
  deviceContact: ['DEVICE_CONTACT', PRIVATE_SCHEME, 'Share of the circumference in contact'],
  deviceDepthUsed: ['DEV_DEPTH_USED', PRIVATE_SCHEME, 'Depth that the device uses'],
  deviceDepthThereIs: ['DEVICE_DEPTH_IS', PRIVATE_SCHEME, 'Depth that there is along the device'],
  deviceToCircumflex: ['DEVICE_TO_LCX', PRIVATE_SCHEME, 'Distance to the circumflex artery'],
  deviceToRidge: ['DEVICE_TO_RIDGE', PRIVATE_SCHEME, 'Distance to the ridge'],
  deviceToVein: ['DEVICE_TO_LSPV', PRIVATE_SCHEME, 'Distance to the left superior pulmonary vein'],
  deviceToAnnulus: ['DEVICE_TO_MITRAL', PRIVATE_SCHEME, 'Distance to the mitral annulus'],
  deviceToSeptum: ['DEVICE_TO_SEPTUM', PRIVATE_SCHEME, 'Distance to the interatrial septum'],
  ostiumToCircumflex: ['OSTIUM_TO_LCX', PRIVATE_SCHEME, 'Distance from the ostium to the circumflex artery'],
  ostiumToVein: [
    'OSTIUM_TO_LSPV',
    PRIVATE_SCHEME,
    'Distance from the ostium to the left superior pulmonary vein',
  ],
  ostiumToAnnulus: ['OSTIUM_TO_MITRAL', PRIVATE_SCHEME, 'Distance from the ostium to the mitral annulus'],
  ostiumToSeptum: ['OSTIUM_TO_SEPTUM', PRIVATE_SCHEME, 'Distance from the ostium to the interatrial septum'],
  landingZone: ['LANDING_ZONE', PRIVATE_SCHEME, 'Landing zone of an occluder'],
} as const satisfies Readonly<Record<string, Code>>;

/** Units of UCUM. */
export const UNITS = {
  mm: ['mm', 'UCUM', 'mm'],
  percent: ['%', 'UCUM', '%'],
  mm2: ['mm2', 'UCUM', 'mm2'],
  mL: ['mL', 'UCUM', 'mL'],
  hu: ["[hnsf'U]", 'UCUM', 'Hounsfield unit'],
  degree: ['deg', 'UCUM', 'degree'],
  none: ['1', 'UCUM', 'no units'],
} as const satisfies Readonly<Record<string, Code>>;
