import { readFileSync } from 'node:fs';
import { throwIfCancelled } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { systemPath } from '../../studies/dicomFiles.ts';
import type { FileToStore, StoredFile } from '../filesToStore.ts';
import { associate, type NodePatience } from './associate.ts';
import { type DicomNode, nodeName } from './dicomNode.ts';
import { type DimseResponse, dimse } from './dimseLibrary.ts';
import { statusInWords } from './queryNode.ts';
import { MOST_CONTEXTS } from './storageSyntaxes.ts';

/** An association for so many, so that little is sent again after a failure. */
const FILES_AN_ASSOCIATION = 100;

/** Sends files by C-STORE, each as it is stored. */
export async function storeOnNode(
  node: DicomNode,
  files: readonly FileToStore[],
  { signal, onProgress }: JobOptions,
  patience: NodePatience | undefined,
): Promise<StoredFile[]> {
  const server = nodeName(node);
  const results = new Map<FileToStore, StoredFile>();
  onProgress?.({ stage: 'Sending files', fraction: 0 });
  for (const batch of inBatches(files)) {
    throwIfCancelled(signal);
    const keep = (file: FileToStore, why?: Failure): void => {
      results.set(file, why === undefined ? { file } : { file, failure: why });
      onProgress?.({ stage: 'Sending files', fraction: results.size / files.length });
    };
    await associate(node, {
      contexts: contextsOf(batch),
      requests(accepted) {
        const sent = batch.filter(({ identity }) =>
          accepted.has(identity.sopClassUid, identity.transferSyntaxUid),
        );
        for (const file of batch)
          if (!sent.includes(file)) keep(file, failure('network.syntax-not-accepted', { server }));
        return sent.map((file) => {
          const request = new dimse.requests.CStoreRequest(new StoredBytes(file));
          request.on('response', (response: DimseResponse) => {
            const status = response.getStatus();
            // PS3.4 table B.2-1: Bxxx are warnings, and the object is stored.
            const isStored = status === 0 || status >> 12 === 0xb;
            keep(
              file,
              isStored
                ? undefined
                : failure('network.instance-refused', { server, status: statusInWords(status) }),
            );
          });
          return request;
        });
      },
      signal,
      ...withoutUndefined({ patience }),
    });
    for (const file of batch)
      if (!results.has(file)) keep(file, failure('network.instance-unconfirmed', { server }));
  }
  return files.map((file) => results.get(file) ?? { file });
}

const contextKey = ({ identity }: FileToStore): string =>
  `${identity.sopClassUid} ${identity.transferSyntaxUid}`;

function contextsOf(batch: readonly FileToStore[]) {
  const byKey = new Map(batch.map((file) => [contextKey(file), file.identity]));
  return [...byKey.values()].map(({ sopClassUid, transferSyntaxUid }) => ({
    abstractSyntax: sopClassUid,
    transferSyntaxes: [transferSyntaxUid],
  }));
}

function inBatches(files: readonly FileToStore[]): FileToStore[][] {
  const batches: FileToStore[][] = [];
  let keys = new Set<string>();
  for (const file of files) {
    const last = batches.at(-1);
    keys.add(contextKey(file));
    if (last !== undefined && last.length < FILES_AN_ASSOCIATION && keys.size <= MOST_CONTEXTS)
      last.push(file);
    else {
      batches.push([file]);
      keys = new Set([contextKey(file)]);
    }
  }
  return batches;
}

/** A file's data set as the bytes that it is, read when its turn comes and let go after. */
class StoredBytes extends dimse.Dataset {
  readonly #file: FileToStore;
  constructor(file: FileToStore) {
    const { sopClassUid, sopInstanceUid, transferSyntaxUid } = file.identity;
    super({ SOPClassUID: sopClassUid, SOPInstanceUID: sopInstanceUid }, transferSyntaxUid);
    this.#file = file;
  }
  override getDenaturalizedDataset(): Buffer {
    return readFileSync(systemPath(this.#file.path)).subarray(this.#file.identity.dataSetOffset);
  }
}
