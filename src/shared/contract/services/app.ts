import { z } from 'zod';
import { method } from '../../rpc/contract.ts';
import { failureSchema } from '../failure.ts';
import { letterheadSchema } from '../letterhead.ts';
import { namedFileSchema } from '../values.ts';
import { exportOptionsSchema, reviewedBySchema } from './exporting.ts';
import { measuredResultSchema } from './measuredResult.ts';
import { phaseResultSchema } from './phases.ts';

const none = z.strictObject({});

/** What computes; shown in the status bar. */
export const engineStatusSchema = z.strictObject({
  state: z.enum(['starting', 'ready', 'failed']),
  id: z.string(),
  device: z.string(),
  /** Why not another engine; why it failed. */
  remarks: z.array(failureSchema),
});

export const appInfoSchema = z.strictObject({
  version: z.string(),
  target: z.enum(['electron', 'web']),
  notice: z.string(),
  canSaveFiles: z.boolean(),
  engine: engineStatusSchema,
});

export const modelInfoSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['region', 'field', 'family', 'surroundings']),
  version: z.string(),
  sha256: z.string(),
  trainedOn: z.string(),
  card: z.string(),
});

/**
 * Cells per axis of the finest evaluation where nothing else is chosen, in the application and on the command line.
 * 256 gives a finer mesh that is no more accurate, and takes longer: see docs/accuracy.md.
 */
export const DEFAULT_RESOLUTION = 128;

/** What can compute; `auto` takes a graphics processor where there is one, else the processor. */
export const ENGINE_CHOICES = ['auto', 'onnx', 'webgpu', 'cuda'] as const;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/**
 * What can compute for the application: also `viewer`, the graphics processor of the page that asks, by its browser's
 * WebGPU. Here `auto` takes that one where it is no software, else the processor.
 */
export const APPLICATION_ENGINE_CHOICES = [...ENGINE_CHOICES, 'viewer'] as const;

export type ApplicationEngineChoice = (typeof APPLICATION_ENGINE_CHOICES)[number];

/** How a scan is shown first, on this user's computer. */
export const firstViewSchema = z.strictObject({
  /** The preset of the window, by its key. */
  window: z.enum(['1', '2', '3', '4', '5']),
  layout: z.enum(['quad', 'axial', 'coronal', 'sagittal', 'three']),
});

export const USUAL_FIRST_VIEW: z.output<typeof firstViewSchema> = { window: '3', layout: 'quad' };

export const settingsSchema = z.strictObject({
  /** What the page speaks; `automatic`: the first of the browser's languages that it knows. Files stay English. */
  language: z.enum(['automatic', 'en', 'de']),
  engine: z.enum(APPLICATION_ENGINE_CHOICES),
  /** Cells per axis of the finest evaluation; 64 is offered nowhere, and taken where the settings file says so. */
  resolution: z.union([z.literal(64), z.literal(128), z.literal(256)]),
  /** The id of the model that draws the surface; null: the bundled one. */
  fieldModel: z.string().min(1).nullable(),
  /** Those of the last export; null: the usual ones. */
  exportOptions: exportOptionsSchema.nullable(),
  /** The research-use notice that a person has acknowledged, whole: another text is shown again. */
  acknowledgedNotice: z.string(),
  /** Who reviews results at this computer; '': not asked yet. */
  reviewer: z.string().max(200),
  /** In whose name reports are made. */
  letterhead: letterheadSchema,
  firstView: firstViewSchema,
  /** Keys of commands that a person changed, by the usual key; each a single sign. */
  keys: z.record(z.string().min(1).max(2), z.string().min(1).max(2)),
});

/** What a person can choose in the desktop's menu that the page does. */
export const menuCommandSchema = z.enum(['undo', 'redo', 'export', 'keys']);

/** What is recorded of the work, without names, paths or patient data. */
export const auditEventSchema = z.strictObject({
  kind: z.enum(['open', 'segment', 'edit', 'review', 'export']),
  seriesInstanceUid: z.string(),
  detail: z.string(),
});

/** How far the work is: only drawn on, segmented, changed by a person, or reviewed. */
export const WORK_STATES = ['drawn', 'segmented', 'edited', 'accepted', 'rejected'] as const;

/** What the list of saved work shows of a session. It names the patient, as the session itself does. */
export const sessionOverviewSchema = z.strictObject({
  patientName: z.string().max(400),
  patientId: z.string().max(400),
  /** As the scan has it: YYYY-MM-DD or YYYYMMDD, or ''. */
  studyDate: z.string().max(400),
  seriesDescription: z.string().max(400),
  state: z.enum(WORK_STATES),
  reviewedBy: reviewedBySchema.nullable().optional(),
  /** A report was written of what is there now. Missing in sessions of earlier versions. */
  isReported: z.boolean().optional(),
  /** What was reviewed, by which documents of the same result find the verdict. Missing in sessions of earlier versions. */
  result: measuredResultSchema.optional(),
  /** Of work on one of several heart phases: its numbers, for the curves of work on the others. */
  phase: phaseResultSchema.optional(),
  /** A square of 8-bit values, row by row: 0 to 254 grey, 255 the outline of what is segmented. */
  thumbnail: z
    .strictObject({ sidePixels: z.int().positive().max(96), valuesBase64: z.string().max(16_384) })
    .nullable(),
});

export const sessionSummarySchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9-]{1,80}$/),
  /** In words, for the list; made by the renderer. */
  title: z.string(),
  seriesInstanceUid: z.string(),
  savedAt: z.iso.datetime(),
  /** Missing in sessions of earlier versions. */
  overview: sessionOverviewSchema.optional(),
});

export const appService = {
  info: method(none, appInfoSchema),
  models: method(none, z.array(modelInfoSchema)),
  settings: method(none, settingsSchema),
  /** Changes those that are given. */
  changeSettings: method(settingsSchema.partial(), settingsSchema),
  /** Whether the page has work that is not saved: the end of the system's session waits for it. */
  unsaved: method(z.strictObject({ hasUnsavedWork: z.boolean() }), none),
  audit: method(auditEventSchema, none),
  /** The sample study, a phantom's CT, as DICOM files; made on the first call, then kept. */
  sample: method(none, z.strictObject({ files: z.array(namedFileSchema) })),
};

/** Autosaved work. The state is the renderer's own bytes; main keeps them whole. */
export const sessionsService = {
  list: method(none, z.array(sessionSummarySchema)),
  save: method(
    z.strictObject({
      summary: sessionSummarySchema.omit({ savedAt: true }),
      state: z.instanceof(Uint8Array),
      /**
       * When what this work continues was saved; null: it is new. Refused where another save is there by now. Missing:
       * whatever is there is replaced.
       */
      basedOn: z.iso.datetime().nullable().optional(),
    }),
    sessionSummarySchema,
  ),
  load: method(
    z.strictObject({ id: sessionSummarySchema.shape.id }),
    z.strictObject({ state: z.instanceof(Uint8Array), savedAt: z.iso.datetime() }),
  ),
  remove: method(
    z.strictObject({
      id: sessionSummarySchema.shape.id,
      /** When what is removed was saved. Refused where another save is there by now. Missing: whatever is there is removed. */
      basedOn: z.iso.datetime().nullable().optional(),
    }),
    none,
  ),
};

export type AppInfo = z.output<typeof appInfoSchema>;
export type EngineStatus = z.output<typeof engineStatusSchema>;
export type MenuCommand = z.output<typeof menuCommandSchema>;
export type Settings = z.output<typeof settingsSchema>;
export type SessionOverview = z.output<typeof sessionOverviewSchema>;
export type SessionSummary = z.output<typeof sessionSummarySchema>;
export type AuditEvent = z.output<typeof auditEventSchema>;
