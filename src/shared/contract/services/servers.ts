import { z } from 'zod';
import { method } from '../../rpc/contract.ts';
import { failureSchema } from '../failure.ts';
import { namedFileSchema } from '../values.ts';
import { openedFileSchema } from './opening.ts';

const none = z.strictObject({});

/** A DICOM server as a person configured it, without its secret. */
export const dicomServerSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  name: z.string().min(1).max(100),
  kind: z.enum(['web', 'node']),
  /** DICOMweb: the address of its services; a classic node: `host:port`. */
  address: z.string().min(1).max(1000),
  /** How a DICOMweb server knows who asks. */
  authentication: z.enum(['none', 'basic', 'bearer']),
  user: z.string().max(200),
  /** SHA-256 of the one certificate that is trusted instead of those that the system trusts; '': none. */
  fingerprint: z.string().max(200),
  /** Certificates of the hospital's own authorities, PEM; '': none. */
  caPem: z.string().max(200_000),
  allowUnencryptedPassword: z.boolean(),
  /** A classic node over TLS. */
  isEncrypted: z.boolean(),
  /** Where a classic node sends what is fetched by C-MOVE, `[host:]port` of ours; '': it is fetched by C-GET. */
  receiveAt: z.string().max(300),
  /** Of a classic node: its AE title and ours. */
  calledAeTitle: z.string().max(16),
  callingAeTitle: z.string().max(16),
});

export const listedServerSchema = dicomServerSchema.extend({
  /** Whether it asks for a password or token that is not known: it is asked for. */
  needsSecret: z.boolean(),
});

const serverListSchema = z.strictObject({
  servers: z.array(listedServerSchema),
  /** Whether passwords can be kept in the system's keychain; else they are asked for and forgotten at the end. */
  canKeepSecrets: z.boolean(),
});

const uid = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)*$/)
  .max(64);
const id = dicomServerSchema.shape.id;

const remotePatientSchema = z.strictObject({
  patientName: z.string(),
  patientId: z.string(),
  issuerOfPatientId: z.string(),
});

export const remoteStudySchema = remotePatientSchema.extend({
  studyUid: uid,
  date: z.string(),
  description: z.string(),
  accessionNumber: z.string(),
  modalities: z.array(z.string()),
  seriesCount: z.number().nullable(),
  imageCount: z.number().nullable(),
});

export const remoteSeriesSchema = z.strictObject({
  studyUid: uid,
  seriesUid: uid,
  modality: z.string(),
  number: z.number().nullable(),
  description: z.string(),
  imageCount: z.number().nullable(),
});

export const studyFiltersSchema = z.strictObject({
  patientName: z.string().max(200),
  patientId: z.string().max(100),
  date: z.string().max(20),
  modality: z.string().max(16),
  accessionNumber: z.string().max(100),
});

/** DICOM servers as a source of scans and a target of results. Nothing is connected before a person asks for it. */
export const serversService = {
  list: method(none, serverListSchema),
  /** Adds or changes one. `secret`: its password or token; null: as it was; '': forgotten. */
  keep: method(
    z.strictObject({ server: dicomServerSchema, secret: z.string().nullable() }),
    serverListSchema,
  ),
  remove: method(z.strictObject({ id }), serverListSchema),
  /** Gives the password or token until the program ends. */
  unlock: method(z.strictObject({ id, secret: z.string().min(1) }), serverListSchema),
  /** Whether it answers. */
  check: method(z.strictObject({ id }), none),
  studies: method(
    z.strictObject({ id, filters: studyFiltersSchema, offset: z.int().nonnegative() }),
    z.strictObject({
      studies: z.array(remoteStudySchema),
      /** Studies that cannot be listed, as their Study Instance UID is no UID. */
      withoutUid: z.int().nonnegative(),
      hasMore: z.boolean(),
    }),
  ),
  series: method(
    /** `patient`: of those who may share the study's UID. */
    z.strictObject({ id, studyUid: uid, patient: remotePatientSchema }),
    z.strictObject({
      series: z.array(remoteSeriesSchema),
      /** Series that cannot be listed, other patients with the same UID. */
      warnings: z.array(failureSchema),
    }),
  ),
  /** A small picture of a series; null where there is none. */
  thumbnail: method(
    z.strictObject({ id, series: remoteSeriesSchema }),
    z
      .strictObject({ mediaType: z.enum(['image/png', 'image/jpeg']), bytes: z.instanceof(Uint8Array) })
      .nullable(),
  ),
  /** Fetches a series whole; its files can be read with `opening.read` until its loan is released. */
  fetch: method(
    z.strictObject({ id, series: remoteSeriesSchema }),
    z.strictObject({
      files: z.array(openedFileSchema),
      loan: z.uuid(),
      /** Images that the server has and that did not come. */
      warnings: z.array(failureSchema),
    }),
  ),
  /** Removes the files of a loan; null: what was fetched of a series in part. */
  release: method(z.strictObject({ loan: z.uuid().nullable() }), none),
  /** Stores results. What became of each file; `failure` null: the server keeps it. */
  store: method(
    z.strictObject({ id, files: z.array(namedFileSchema).min(1) }),
    z.array(z.strictObject({ name: z.string(), failure: failureSchema.nullable() })),
  ),
};

export type DicomServerSettings = z.output<typeof dicomServerSchema>;
export type ListedServer = z.output<typeof listedServerSchema>;
export type RemoteStudyInfo = z.output<typeof remoteStudySchema>;
export type RemoteSeriesInfo = z.output<typeof remoteSeriesSchema>;
export type StudyFiltersInfo = z.output<typeof studyFiltersSchema>;
