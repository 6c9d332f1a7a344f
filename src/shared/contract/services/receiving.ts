import { z } from 'zod';
import { method } from '../../rpc/contract.ts';
import { failureSchema } from '../failure.ts';
import { openedFileSchema } from './opening.ts';

const none = z.strictObject({});

/** How Auricle is a classic DICOM node itself, to which others send studies. Off unless a person turns it on. */
export const receivingSettingsSchema = z.strictObject({
  isOn: z.boolean(),
  /** Which machines reach it. */
  reach: z.enum(['this-machine', 'network']),
  port: z.int().min(1).max(65_535),
  aeTitle: z.string().max(16),
  /** Who may send. */
  allowedAeTitles: z.array(z.string().max(16)).max(100),
  /** Encrypted connections only, with the program's own certificate. */
  isEncrypted: z.boolean(),
  /** Certificates of the authorities whose nodes may send, PEM; '': nodes need none. */
  caPem: z.string().max(200_000),
});

export const receivedSeriesSchema = z.strictObject({
  seriesUid: z
    .string()
    .regex(/^[0-9]+(\.[0-9]+)*$/)
    .max(64),
  patientName: z.string(),
  modality: z.string(),
  description: z.string(),
  /** YYYYMMDD, or ''. */
  date: z.string(),
  imageCount: z.int().nonnegative(),
});

export const receivingStateSchema = z.strictObject({
  settings: receivingSettingsSchema,
  /** `AETITLE@host:port` while it listens; null: it does not. */
  address: z.string().nullable(),
  /** Why it does not listen though it is on. */
  problem: failureSchema.nullable(),
  /** What has arrived whole, newest first; kept until it is removed. */
  series: z.array(receivedSeriesSchema),
  /** The subject of the program's own certificate, and whether its key must be given again; null: there is none. */
  identity: z.strictObject({ subject: z.string(), needsKey: z.boolean() }).nullable(),
});

const ofSeries = z.strictObject({ seriesUid: receivedSeriesSchema.shape.seriesUid });

/** Studies that other nodes send to Auricle, and the certificate by which it is known to other nodes. */
export const receivingService = {
  state: method(none, receivingStateSchema),
  configure: method(z.strictObject({ settings: receivingSettingsSchema }), receivingStateSchema),
  /** Keeps the program's own certificate and key, PEM; null: none. */
  keepIdentity: method(
    z.strictObject({
      identity: z
        .strictObject({ certificatePem: z.string().max(200_000), keyPem: z.string().max(200_000) })
        .nullable(),
    }),
    receivingStateSchema,
  ),
  /** The files of a series, which are read with `opening.read`. */
  open: method(ofSeries, z.strictObject({ files: z.array(openedFileSchema) })),
  remove: method(ofSeries, receivingStateSchema),
};

export type ReceivingSettings = z.output<typeof receivingSettingsSchema>;
export type ReceivingState = z.output<typeof receivingStateSchema>;
export type ReceivedSeries = z.output<typeof receivedSeriesSchema>;
