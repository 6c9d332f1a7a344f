import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { type FoundFile, listTree, readFileRange, systemPath } from '../studies/dicomFiles.ts';
import { type DicomIdentity, IDENTITY_STEPS_BYTES, readIdentity } from './dicomIdentity.ts';

export interface FileToStore {
  readonly path: string;
  readonly sizeBytes: number;
  readonly identity: DicomIdentity;
}

/** What became of one file. */
export interface StoredFile {
  readonly file: FileToStore;
  /** Why it is not stored; undefined where it is. */
  readonly failure?: Failure;
}

/**
 * The DICOM files among what a person names. Files of other kinds are refused where they are named themselves and left
 * out of folders; copies are sent once.
 *
 * @throws UserError where there is nothing to send, something in a folder cannot be read, or where two files claim to be the same object and are not
 */
export async function collectFiles(paths: readonly string[], signal?: AbortSignal): Promise<FileToStore[]> {
  const bySopInstance = new Map<string, FileToStore>();
  for (const path of paths) {
    const status = await stat(path).catch(() => undefined);
    if (status === undefined) throw new UserError(failure('files.unreadable', { fileName: basename(path) }));
    const isFolder = status.isDirectory();
    const found = isFolder
      ? await everyFile(path, signal)
      : [{ path, name: basename(path), size: status.size }];
    for (const file of found) {
      throwIfCancelled(signal);
      const identity = await identityOf(file.path, file.size);
      if (identity === undefined) {
        if (isFolder) continue;
        throw new UserError(failure('network.file-not-dicom', { fileName: file.name }));
      }
      const same = bySopInstance.get(identity.sopInstanceUid);
      if (same === undefined)
        bySopInstance.set(identity.sopInstanceUid, { path: file.path, sizeBytes: file.size, identity });
      else if (same.sizeBytes !== file.size || (await digest(same.path)) !== (await digest(file.path)))
        throw new UserError(failure('network.files-contradict', { fileName: file.name }));
    }
  }
  if (bySopInstance.size === 0) throw new UserError(failure('network.nothing-to-store'));
  return [...bySopInstance.values()];
}

async function everyFile(folder: string, signal: AbortSignal | undefined): Promise<readonly FoundFile[]> {
  const { files, unreached } = await listTree(folder, { signal });
  const [lost] = unreached;
  if (lost?.kind === 'folder') throw new UserError(lost.reason);
  if (lost !== undefined) throw new UserError(failure('files.unreadable', { fileName: lost.name }));
  return files;
}

/** Only files with a preamble are DICOM files as services send them (PS3.10 section 7.1). */
async function identityOf(path: string, size: number): Promise<DicomIdentity | undefined> {
  for (const step of IDENTITY_STEPS_BYTES) {
    const start = await readFileRange(path, 0, Math.min(step, size));
    if (Buffer.from(start.subarray(128, 132)).toString('latin1') !== 'DICM') return undefined;
    const identity = readIdentity(start);
    if (identity !== undefined || start.length >= size) return identity;
  }
  return undefined;
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(systemPath(path))) hash.update(piece);
  return hash.digest('hex');
}
