import { type Failure, failure } from '../failures/failure.ts';
import { type ParsedStart, parseSliceHeader } from './parseSliceHeader.ts';
import type { ParsedFile } from './sliceHeader.ts';

/** A file that can be read in parts. */
export interface FileSource {
  /** Base name, for messages. */
  readonly name: string;
  readonly size: number;
  /** Bytes `from` to `to`; fewer where the file has become shorter. */
  readonly read: (from: number, to: number) => Uint8Array | Promise<Uint8Array>;
}

/** What is read of a file first: the headers of CT slices are 2 to 20 KiB, of multi-frame images some MiB. */
export const FIRST_READ_BYTES = 16 * 1024;
const READ_STEPS_BYTES = [FIRST_READ_BYTES, 128 * 1024, 4 * 1024 * 1024, Number.POSITIVE_INFINITY];

/**
 * Parses a file's header and reads no more of the file than needed. Never throws: a file that cannot be read is
 * `damaged`.
 */
export async function readFileHeader(file: FileSource): Promise<ParsedFile> {
  try {
    for (const step of READ_STEPS_BYTES) {
      const end = Math.min(step, file.size);
      const start = await file.read(0, end);
      const result: ParsedStart = parseSliceHeader(start, file.size);
      if (result.kind === 'notDicom' && isHollow(file, start)) return damaged(failure('dicom.file-empty'));
      if (result.kind !== 'needsMoreBytes') return result;
      if (start.length < end) return damaged(failure('dicom.file-shrank'));
    }
    return { kind: 'notDicom' };
  } catch {
    return damaged(failure('dicom.file-unreadable'));
  }
}

const damaged = (reason: Failure): ParsedFile => ({ kind: 'damaged', reason, seriesInstanceUid: '' });

/** A file named as DICOM that holds nothing, or zeros: what an interrupted copy leaves. Hidden files do not count. */
const isHollow = ({ name }: FileSource, start: Uint8Array): boolean =>
  /^[^.].*\.(dcm|ima)$/i.test(name) && start.every((byte) => byte === 0);
