import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { systemPath } from '../../studies/dicomFiles.ts';
import type { FileToStore, StoredFile } from '../filesToStore.ts';
import { itemsOf, type JsonDataset, textOf } from './dicomJson.ts';
import type { HttpConnection } from './httpConnection.ts';
import { queryInstances } from './queryServer.ts';
import { readDatasets } from './readAnswer.ts';

/*
 * STOW-RS (PS3.18 section 10.5). What is stored already is stored again without harm: an instance is known by its UID.
 */

const TAG = {
  failed: '00081198',
  stored: '00081199',
  sopInstanceUid: '00081155',
  failureReason: '00081197',
} as const;

/** Small enough that little is sent again after a failure. */
const MOST_FILES_A_REQUEST = 32;
const MOST_BYTES_A_REQUEST = 64 * 2 ** 20;

/** Statuses whose answers say what became of each instance: some failed (202), all failed (409, 400 and others). */
const TELLING_STATUSES = [400, 409, 413, 422];

/**
 * Sends DICOM files.
 *
 * @returns what became of each, in their order
 * @throws UserError where the server cannot be spoken to; what was stored before stays stored
 * @throws CancelledError where `signal` fires
 */
export async function storeFiles(
  connection: HttpConnection,
  files: readonly FileToStore[],
  { signal, onProgress }: JobOptions = {},
): Promise<StoredFile[]> {
  const results: StoredFile[] = [];
  onProgress?.({ stage: 'Sending files', fraction: 0 });
  for (const batch of inBatches(files)) {
    results.push(...(await storeBatch(connection, batch, signal)));
    onProgress?.({ stage: 'Sending files', fraction: results.length / files.length });
  }
  return results;
}

function inBatches(files: readonly FileToStore[]): FileToStore[][] {
  const batches: FileToStore[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = batches.at(-1);
    if (
      last !== undefined &&
      last.length < MOST_FILES_A_REQUEST &&
      bytes + file.sizeBytes <= MOST_BYTES_A_REQUEST
    ) {
      last.push(file);
      bytes += file.sizeBytes;
    } else {
      batches.push([file]);
      bytes = file.sizeBytes;
    }
  }
  return batches;
}

async function storeBatch(
  connection: HttpConnection,
  batch: readonly FileToStore[],
  signal: AbortSignal | undefined,
): Promise<StoredFile[]> {
  const { server } = connection;
  const boundary = `auricle-${randomUUID()}`;
  const answer = await connection.send({
    method: 'POST',
    path: '/studies',
    accept: 'application/dicom+json',
    contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
    contentLength: multipartLength(batch, boundary),
    body: () => multipartOf(batch, boundary),
    alsoStatus: TELLING_STATUSES,
    signal,
  });
  if (answer.status === 413 && batch.length > 1) {
    answer.discard();
    const results: StoredFile[] = [];
    for (const file of batch) results.push(...(await storeBatch(connection, [file], signal)));
    return results;
  }
  let said: JsonDataset[];
  try {
    said = await readDatasets(answer, server);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    // An answer that says nothing of the instances: the status has to do, and where it is good, the server's own list.
    said = [];
  }
  const failures = new Map<string, string>();
  const stored = new Set<string>();
  for (const dataset of said) {
    for (const item of itemsOf(dataset, TAG.stored)) stored.add(textOf(item, TAG.sopInstanceUid));
    for (const item of itemsOf(dataset, TAG.failed))
      failures.set(textOf(item, TAG.sopInstanceUid), textOf(item, TAG.failureReason));
  }
  const results: StoredFile[] = [];
  for (const file of batch) {
    const uid = file.identity.sopInstanceUid;
    const reason = failures.get(uid);
    const why =
      reason !== undefined
        ? failure('network.instance-refused', { server, status: statusInWords(reason) })
        : stored.has(uid)
          ? undefined
          : await failureOfSilence(connection, file, answer.status, signal);
    results.push(why === undefined ? { file } : { file, failure: why });
  }
  return results;
}

/** PS3.18 table I.2-2 writes them in hexadecimal digits. */
const statusInWords = (reason: string): string =>
  /^\d+$/.test(reason) ? `0x${Number(reason).toString(16).toUpperCase().padStart(4, '0')}` : reason;

/** Why an instance that the answer does not mention is not stored; undefined where it is. */
async function failureOfSilence(
  connection: HttpConnection,
  file: FileToStore,
  status: number,
  signal: AbortSignal | undefined,
): Promise<Failure | undefined> {
  const { server } = connection;
  if (status >= 400) return failure('network.status', { server, status });
  if (await isThere(connection, file, signal)) return undefined;
  return failure('network.instance-unconfirmed', { server });
}

async function isThere(
  connection: HttpConnection,
  { identity }: FileToStore,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const { uids } = await queryInstances(connection, identity.studyUid, identity.seriesUid, signal);
    return uids.has(identity.sopInstanceUid);
  } catch (thrown) {
    if (thrown instanceof UserError) return false;
    throw thrown;
  }
}

const partHead = (boundary: string): string => `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
const partEnd = '\r\n';
const bodyEnd = (boundary: string): string => `--${boundary}--\r\n`;

const multipartLength = (files: readonly FileToStore[], boundary: string): number =>
  files.reduce(
    (sum, { sizeBytes }) => sum + partHead(boundary).length + sizeBytes + partEnd.length,
    bodyEnd(boundary).length,
  );

async function* multipartOf(files: readonly FileToStore[], boundary: string): AsyncGenerator<Uint8Array> {
  for (const { path } of files) {
    yield Buffer.from(partHead(boundary));
    try {
      for await (const piece of createReadStream(systemPath(path), { highWaterMark: 2 ** 18 }))
        yield piece as Buffer;
    } catch (thrown) {
      throw new UserError(failure('files.unreadable', { fileName: basename(path) }), { cause: thrown });
    }
    yield Buffer.from(partEnd);
  }
  yield Buffer.from(bodyEnd(boundary));
}
