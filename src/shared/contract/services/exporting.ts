import { z } from 'zod';
import { method } from '../../rpc/contract.ts';
import { annotationSchema } from '../annotations.ts';
import { storedFailureSchema } from '../failure.ts';
import { letterheadSchema, NO_LETTERHEAD } from '../letterhead.ts';
import { devicePlanSchema } from '../planning.ts';
import { PLANNING_STEPS } from '../planningSteps.ts';
import { NO_MARKS, readerMarksSchema } from '../readerMarks.ts';
import { segmentationReportSchema } from '../report.ts';
import { gridLpsSchema, labelMapSchema, namedFileSchema, triangleMeshSchema, vec3Schema } from '../values.ts';
import { measuredAppendageSchema } from './measured.ts';
import { phaseResultSchema } from './phases.ts';

export const MESH_FORMATS = ['stl', 'stl-ascii', 'obj', 'ply', 'vtp', '3mf', 'glb'] as const;
export const MESH_PRODUCTS = ['wall', 'closed', 'shell', 'simulation'] as const;
/** The picture that comes with the printable shell: its thickness in colour. */
export const SHELL_PICTURE = 'laa-shell-thickness.png';
export const MASK_FORMATS = ['nrrd', 'nii.gz'] as const;
export const DOCUMENT_FORMATS = [
  'json',
  'csv',
  'html',
  'pdf',
  'summary-html',
  'summary-pdf',
  'registry-json',
  'registry-csv',
] as const;

/** Who the scan shows, for the banner of every view and export. */
export const patientSchema = z.strictObject({
  name: z.string(),
  id: z.string(),
  birthDate: z.string(),
  sex: z.string(),
  studyDate: z.string(),
  studyDescription: z.string(),
});

/** Who reviewed a result, and when. */
export const reviewedBySchema = z.strictObject({
  /** As the person gave it: a name or initials. */
  reviewer: z.string().max(200),
  at: z.iso.datetime(),
});

/**
 * DICOM objects of a result; the names of the files are `laa-…`. In the order in which they are written: the segmentation
 * before the report that refers to it.
 */
export const DICOM_OBJECTS = [
  'dicom-seg',
  'dicom-labelmap',
  'dicom-stl',
  'dicom-obj',
  'dicom-sr',
  'dicom-sc',
  'dicom-report',
] as const;

/** What DICOM objects take over from the series that they are made of. */
export const sourceSeriesSchema = z.strictObject({
  /** By DICOM keyword. */
  attributes: z.record(z.string(), z.string()),
  instances: z
    .array(
      z.strictObject({
        sopClassUid: z.string(),
        sopInstanceUid: z.string(),
        frameNumber: z.int().positive().nullable(),
        positionLpsMm: vec3Schema,
      }),
    )
    .readonly(),
});

/** What an anonymised export keeps beside PS3.15's basic profile, as `DeidentifyOptions` says. */
export const keptIdentitySchema = z.strictObject({
  dates: z.enum(['removed', 'kept', 'moved']),
  keepUids: z.boolean(),
  keepPatientCharacteristics: z.boolean(),
  keepDevice: z.boolean(),
  keepInstitution: z.boolean(),
  cleanDescriptors: z.boolean(),
});

/** Nothing: the basic profile alone. */
export const KEEPS_NOTHING: z.output<typeof keptIdentitySchema> = {
  dates: 'removed',
  keepUids: false,
  keepPatientCharacteristics: false,
  keepDevice: false,
  keepInstitution: false,
  cleanDescriptors: false,
};

/** How a mesh for simulation is made. */
export const simulationOptionsSchema = z.strictObject({
  /** Mean length of the edges, mm. */
  edgeMm: z.number().min(0.3).max(3),
  /** Length of a straight tube before the ostium, mm; 0 for none. */
  inletMm: z.number().min(0).max(100),
});

export const USUAL_SIMULATION: z.output<typeof simulationOptionsSchema> = { edgeMm: 0.7, inletMm: 0 };

export const exportOptionsSchema = z.strictObject({
  products: z.array(z.enum(MESH_PRODUCTS)),
  meshFormats: z.array(z.enum(MESH_FORMATS)),
  maskFormats: z.array(z.enum(MASK_FORMATS)),
  documents: z.array(z.enum(DOCUMENT_FORMATS)),
  /** Missing in options that were kept by earlier versions. */
  dicomObjects: z.array(z.enum(DICOM_OBJECTS)).default([]),
  /** Nothing that identifies the patient, by PS3.15's basic profile; new UIDs for each export. */
  isAnonymous: z.boolean().default(false),
  /** The scan's own files as well, only where they are anonymised. */
  withScan: z.boolean().default(false),
  /** Of the DICOM files of an anonymised export. */
  keptIdentity: keptIdentitySchema.default(KEEPS_NOTHING),
  /** The frame that meshes are written in; masks keep their format's own. */
  frame: z.enum(['LPS', 'RAS']),
  /** Thickness of the printable shell's wall, outward, mm. */
  shellThicknessMm: z.number().min(0.4).max(5),
  /** How far a base round the shell's opening reaches out of its wall, mm; 0: none. Missing in options of earlier versions. */
  shellBaseMm: z.number().min(0).max(15).default(0),
  /** Missing in options that were kept by earlier versions. */
  simulation: simulationOptionsSchema.default(USUAL_SIMULATION),
});

/** A picture for the report. */
export const pictureSchema = z.strictObject({ caption: z.string(), png: z.instanceof(Uint8Array) });

/** Grey levels of the scan in the frame of a figure, row by row. */
export const scanPictureSchema = z.strictObject({
  id: z.string().max(60),
  greys: z.instanceof(Uint8Array),
});

export const exportingService = {
  /** Makes every file that was asked for, each mesh and mask with a JSON beside it. Writes nothing. */
  build: method(
    z.strictObject({
      appendage: measuredAppendageSchema,
      labels: labelMapSchema,
      /**
       * The whole scan's, of which the labels' voxels are a part: masks are written on it. Null where it is not known
       * (work saved before it was kept); masks then stay on the labels' grid, and the files say so.
       */
      scanGrid: gridLpsSchema.nullable(),
      /** Its warnings are those that hold now, editing or not. */
      report: segmentationReportSchema,
      /** What was said of the segmentation's own surface and may hold no more since a person changed it. */
      warningsBeforeEditing: z.array(storedFailureSchema),
      /** Of the closed surface's vertices, as `segment` gives them; null after edits. Written into VTP and PLY. */
      offChances: z.instanceof(Float32Array).nullable(),
      /** Null where nobody planned: documents then say nothing of devices. */
      plan: devicePlanSchema.nullable().default(null),
      /** Every phase of the heart that was segmented or refused, this one among them; none where it is the only one. */
      phases: z.array(phaseResultSchema).default([]),
      /** What the reader set beside the surface. */
      marks: readerMarksSchema.default(NO_MARKS),
      /** What a reader drew in the planes. */
      annotations: z.array(annotationSchema).default([]),
      patient: patientSchema,
      letterhead: letterheadSchema.default(NO_LETTERHEAD),
      /** Null where it is not known: work saved by an earlier version. No DICOM object can be made then. */
      sourceSeries: sourceSeriesSchema.nullable(),
      /** What a person changed, by name, in order. */
      edits: z.array(z.string()),
      review: z.enum(['not reviewed', 'accepted', 'rejected']),
      /** Null where nobody did, or the export is anonymised. */
      reviewedBy: reviewedBySchema.nullable().default(null),
      /** Planning steps that the reviewer went through, as they are now. */
      reviewedSteps: z.array(z.enum(PLANNING_STEPS)).default([]),
      pictures: z.array(pictureSchema),
      /** The placed device's surface, for the figures. */
      deviceMesh: triangleMeshSchema.nullable().default(null),
      /** The scan in the planes of the report's figures (`figureFrames`). */
      scanPictures: z.array(scanPictureSchema).default([]),
      options: exportOptionsSchema,
    }),
    z.strictObject({ files: z.array(namedFileSchema) }),
  ),
  /** Asks for a folder and writes the files there, each whole or not at all; only where `app.info` says canSaveFiles. */
  save: method(
    z.strictObject({ files: z.array(namedFileSchema).min(1) }),
    z.union([
      z.strictObject({ kind: z.literal('saved'), count: z.int(), folderName: z.string() }),
      z.strictObject({ kind: z.literal('dismissed') }),
    ]),
  ),
};

export type ReviewedBy = z.output<typeof reviewedBySchema>;
export type Patient = z.output<typeof patientSchema>;
export type ExportOptions = z.output<typeof exportOptionsSchema>;
export type KeptIdentity = z.output<typeof keptIdentitySchema>;
export type Picture = z.output<typeof pictureSchema>;
