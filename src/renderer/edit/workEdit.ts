import { z } from 'zod';
import { annotationSchema } from '#shared/contract/annotations.ts';
import { readerMarksSchema } from '#shared/contract/readerMarks.ts';
import { reviewedBySchema } from '#shared/contract/services/exporting.ts';
import { regionSchema } from '#shared/contract/services/segmentation.ts';
import { type LabelMap, ostiumPlaneSchema } from '#shared/contract/values.ts';
import { devicePoseSchema } from '#shared/contract/virtualDevice.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { createHistory, type History, type HistoryState } from './history.ts';
import { decodeChanged, deltaBytes, toggleLabels } from './labelDelta.ts';

/** What a person can change in the work on an appendage. */
const index = z.int().nonnegative();
const corner = z.tuple([index, index, index]).readonly();

const deltaSchema = z
  .strictObject({
    box: z.strictObject({ low: corner, high: corner }),
    runs: z.instanceof(Uint8Array),
  })
  .refine(({ box }) => box.low.every((low, axis) => low <= box.high[axis]!), 'a box');

const changeOf = <S extends z.ZodType>(value: S) => ({ before: value, after: value });
const reviewSchema = z.enum(['not reviewed', 'accepted', 'rejected']);

const simpleEdits = [
  z.strictObject({ kind: z.literal('labels'), delta: deltaSchema }),
  z.strictObject({ kind: z.literal('plane'), ...changeOf(ostiumPlaneSchema.nullable()) }),
  z.strictObject({
    kind: z.literal('review'),
    ...changeOf(reviewSchema),
    /** Missing in work of earlier versions. */
    beforeBy: reviewedBySchema.nullable().optional(),
    afterBy: reviewedBySchema.nullable().optional(),
  }),
  z.strictObject({ kind: z.literal('region'), ...changeOf(regionSchema.nullable()) }),
  z.strictObject({ kind: z.literal('marks'), ...changeOf(readerMarksSchema) }),
  /** Those that changed, by their ids: what is only in one of the two was removed or added. */
  z.strictObject({ kind: z.literal('annotations'), ...changeOf(z.array(annotationSchema)) }),
  z.strictObject({ kind: z.literal('device'), ...changeOf(devicePoseSchema.nullable()) }),
] as const;

/** One change, or several that are one step to the person. */
export const workEditSchema = z.discriminatedUnion('kind', [
  ...simpleEdits,
  z.strictObject({
    kind: z.literal('several'),
    edits: z.array(z.discriminatedUnion('kind', simpleEdits)),
  }),
]);

export type WorkEdit = z.output<typeof workEditSchema>;
export type SimpleEdit = Exclude<WorkEdit, { kind: 'several' }>;
export type WorkHistory = History<WorkEdit>;

/** The changes of an edit in the order in which they were made. */
export const simpleEditsOf = (edit: WorkEdit): readonly SimpleEdit[] =>
  edit.kind === 'several' ? edit.edits : [edit];

const partBytes = (part: SimpleEdit): number => {
  if (part.kind === 'labels') return deltaBytes(part.delta);
  return part.kind === 'annotations' ? JSON.stringify(part).length : 128;
};

const editBytes = (edit: WorkEdit): number =>
  simpleEditsOf(edit).reduce((sum, part) => sum + partBytes(part), 0);

/** Undo and redo of the work on an appendage. */
export const createWorkHistory = (limitBytes?: number, from?: HistoryState<WorkEdit>): WorkHistory =>
  createHistory<WorkEdit>({
    bytesOf: editBytes,
    ...withoutUndefined({ limitBytes }),
    ...withoutUndefined({ from }),
  });

/** Applies or undoes the label changes of an edit. The caller does the rest of the edit. */
export function applyLabelEdits(labels: LabelMap, edit: WorkEdit): void {
  // A delta is its own inverse, and deltas may be applied in any order.
  for (const part of simpleEditsOf(edit)) if (part.kind === 'labels') toggleLabels(labels, part.delta);
}

const MAGIC = 'AURICLE-HISTORY-1';

const storedSchema = z
  .strictObject({
    format: z.literal(MAGIC),
    done: index,
    entries: z.array(z.strictObject({ name: z.string(), edit: workEditSchema })),
  })
  .refine(({ done, entries }) => done <= entries.length, 'no more done than there is');

/**
 * A history as bytes: length and checksum of the text, the text (JSON, in which a delta's runs are their number of
 * bytes), and the runs one after the other. Little-endian.
 */
export function historyToBytes(history: WorkHistory): Uint8Array<ArrayBuffer> {
  const { entries, done } = history.state();
  const blobs: Uint8Array[] = [];
  const text = JSON.stringify({ format: MAGIC, done, entries }, (_key, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    blobs.push(value);
    return value.length;
  });
  const json = new TextEncoder().encode(text);
  const size = blobs.reduce((sum, blob) => sum + blob.length, 0);
  const bytes = new Uint8Array(8 + json.length + size);
  bytes.set(json, 8);
  let at = 8 + json.length;
  for (const blob of blobs) {
    bytes.set(blob, at);
    at += blob.length;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, json.length, true);
  view.setUint32(4, checksum(bytes.subarray(8)), true);
  return bytes;
}

/**
 * Reads a history back. Damaged or foreign bytes give an empty one: undo is a convenience, and the work itself is
 * stored separately.
 */
export function historyFromBytes(bytes: Uint8Array, limitBytes?: number): WorkHistory {
  try {
    return createWorkHistory(limitBytes, parseHistory(bytes));
  } catch {
    return createWorkHistory(limitBytes);
  }
}

function parseHistory(bytes: Uint8Array): HistoryState<WorkEdit> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textEnd = 8 + view.getUint32(0, true);
  if (view.getUint32(4, true) !== checksum(bytes.subarray(8))) throw new RangeError('The bytes are damaged.');
  let at = textEnd;
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, textEnd));
  // Entries are read in the order in which they were written, so that the runs are in the same order.
  const parsed: unknown = JSON.parse(text, (key, value: unknown) => {
    if (key !== 'runs' || typeof value !== 'number') return value;
    const runs = Uint8Array.from(bytes.subarray(at, at + value));
    at += value;
    return runs;
  });
  if (at !== bytes.length) throw new RangeError('The bytes are too few or too many.');
  const state = storedSchema.parse(parsed);
  for (const { edit } of state.entries) {
    for (const part of simpleEditsOf(edit)) if (part.kind === 'labels') decodeChanged(part.delta);
  }
  return state;
}

/** FNV-1a. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
