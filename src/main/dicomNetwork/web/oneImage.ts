import { isFailedWith } from '#shared/errors.ts';
import type { RemoteSeries } from '../remoteStudy.ts';
import type { HttpConnection } from './httpConnection.ts';
import { queryInstances } from './queryServer.ts';
import { retrieveFiles } from './retrieve.ts';

/** A picture is not worth more: a multi-frame image may have gigabytes. */
const MOST_BYTES = 16 * 2 ** 20;

/** One image of a series, from the middle of its list; undefined where there is none, or it is too large. */
export async function oneImage(
  connection: HttpConnection,
  { studyUid, seriesUid }: RemoteSeries,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    const uids = [...(await queryInstances(connection, studyUid, seriesUid, signal)).uids];
    const middle = uids[Math.floor(uids.length / 2)];
    if (middle === undefined) return undefined;
    const path = `/studies/${studyUid}/series/${seriesUid}/instances/${middle}`;
    for await (const file of retrieveFiles(connection, path, signal)) return await bounded(file, MOST_BYTES);
  } catch (thrown) {
    if (!isFailedWith(thrown, 'network.not-found', 'network.status', 'network.answer-type')) throw thrown;
  }
  return undefined;
}

async function bounded(file: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of file) {
    length += piece.length;
    if (length > most) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
