import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type SessionSummary, sessionSummarySchema } from '#shared/contract/services/app.ts';

/** The first line of a session's file, JSON; the renderer's bytes follow. */
const headerSchema = z.strictObject({
  format: z.literal('auricle-session'),
  formatVersion: z.literal(1),
  summary: sessionSummarySchema,
  stateBytes: z.int().nonnegative(),
  stateSha256: z.string(),
});

/** No header is longer. A file without an end of line within this many bytes is not one of ours. */
export const LONGEST_HEADER_BYTES = 64 * 1024;

const NEW_LINE = 0x0a;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function encodeSession(summary: SessionSummary, state: Uint8Array): Uint8Array {
  const header: z.input<typeof headerSchema> = {
    format: 'auricle-session',
    formatVersion: 1,
    summary,
    stateBytes: state.length,
    stateSha256: sha256(state),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), state]);
}

export interface SessionHeader {
  readonly summary: SessionSummary;
  readonly stateBytes: number;
  readonly stateSha256: string;
  /** Where the state begins. */
  readonly headerBytes: number;
}

/** Reads the header from a file's beginning; undefined where the file is not a session. */
export function decodeSessionHeader(beginning: Uint8Array): SessionHeader | undefined {
  const end = beginning.indexOf(NEW_LINE);
  if (end < 0) return undefined;
  try {
    const text = Buffer.from(beginning.subarray(0, end)).toString('utf8');
    const { summary, stateBytes, stateSha256 } = headerSchema.parse(JSON.parse(text));
    return { summary, stateBytes, stateSha256, headerBytes: end + 1 };
  } catch {
    return undefined;
  }
}

/** The state in a whole file, and when it was saved; undefined where it differs in any byte from what was saved. */
export function decodeSession(
  file: Uint8Array,
): { readonly state: Uint8Array<ArrayBuffer>; readonly savedAt: string } | undefined {
  const header = decodeSessionHeader(file);
  if (!header) return undefined;
  // A copy of its own, so that the header is not sent along.
  const state = new Uint8Array(file.subarray(header.headerBytes));
  if (state.length !== header.stateBytes || sha256(state) !== header.stateSha256) return undefined;
  return { state, savedAt: header.summary.savedAt };
}
