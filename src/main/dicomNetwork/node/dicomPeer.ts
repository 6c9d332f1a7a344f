import type { Socket } from 'node:net';
import { PassThrough, type Writable } from 'node:stream';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
import {
  type Association,
  dimse,
  type PresentationContext,
  type StoreRequest,
  type StoreResponse,
} from './dimseLibrary.ts';

/** Takes a DICOM file that arrives by C-STORE. @returns the status to answer with */
export type Receive = (file: AsyncIterable<Uint8Array>) => Promise<number>;

export const STATUS = {
  success: 0x0000,
  outOfResources: 0xa700,
  doesNotMatch: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

/** Our own, derived from a UUID (PS3.5 annex B.2). */
const IMPLEMENTATION_CLASS_UID = '2.25.260183442203127430928407241096358273713';

/** No node sends longer pieces unless it is hostile: 16 KiB is asked for, but some send what they like. */
const MOST_PDU_BYTES = 8 * 2 ** 20;
const PDU_HEADER_BYTES = 6;

/** Calls `onHostile` where a piece is announced that is longer than any node sends: it would be held in memory. */
export function guardPdus(socket: Socket, onHostile: () => void): void {
  let header = Buffer.alloc(0);
  let rest = 0;
  socket.on('data', (data: Buffer) => {
    for (let at = 0; at < data.length; ) {
      if (rest > 0) {
        const skipped = Math.min(rest, data.length - at);
        rest -= skipped;
        at += skipped;
        continue;
      }
      const taken = data.subarray(at, at + PDU_HEADER_BYTES - header.length);
      header = Buffer.concat([header, taken]);
      at += taken.length;
      if (header.length < PDU_HEADER_BYTES) return;
      rest = header.readUInt32BE(2);
      header = Buffer.alloc(0);
      if (rest > MOST_PDU_BYTES) {
        onHostile();
        return;
      }
    }
  });
}

const noIdentity = (): never => {
  throw new TypeError('A file has arrived that no request announced.');
};

/**
 * One end of an association, over a socket: the calling one and the called one alike. What arrives by C-STORE is handed
 * on as a DICOM file while it arrives, its data set byte by byte as it was sent.
 */
export class DicomPeer extends dimse.Scp {
  readonly #receive: Receive | undefined;
  readonly #statuses = new WeakMap<Writable, Promise<number>>();
  readonly #statusOfDataset = new WeakMap<object, number>();

  constructor(
    socket: Socket,
    receive: Receive | undefined,
    timeouts: ConstructorParameters<typeof dimse.Scp>[1],
  ) {
    super(socket, timeouts);
    this.#receive = receive;
  }

  override createStoreWritableStream(context: PresentationContext, request: StoreRequest): Writable {
    const meta = writeDicomFile(
      [
        { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
        { tag: 0x00020002, vr: 'UI', value: request.getAffectedSopClassUid() ?? noIdentity() },
        { tag: 0x00020003, vr: 'UI', value: request.getAffectedSopInstanceUid() ?? noIdentity() },
        { tag: 0x00020010, vr: 'UI', value: context.getAcceptedTransferSyntaxUid() ?? noIdentity() },
        { tag: 0x00020012, vr: 'UI', value: IMPLEMENTATION_CLASS_UID },
      ],
      [],
    );
    const stream = new PassThrough();
    stream.write(meta);
    const status = this.#receive?.(stream) ?? Promise.resolve(STATUS.cannotUnderstand);
    this.#statuses.set(
      stream,
      status.catch(() => STATUS.outOfResources).finally(() => stream.resume()),
    );
    return stream;
  }

  override createDatasetFromStoreWritableStream(
    stream: Writable,
    _context: PresentationContext,
    callback: (dataset: InstanceType<typeof dimse.Dataset>) => void,
  ): void {
    const status = this.#statuses.get(stream) ?? Promise.resolve(STATUS.cannotUnderstand);
    void status.then((value) => {
      // The file is written; the library wants a data set to go on.
      const dataset = new dimse.Dataset({});
      this.#statusOfDataset.set(dataset, value);
      callback(dataset);
    });
  }

  override cStoreRequest(request: StoreRequest, callback: (response: StoreResponse) => void): void {
    const dataset = request.getDataset();
    const response = dimse.responses.CStoreResponse.fromRequest(request);
    response.setStatus((dataset && this.#statusOfDataset.get(dataset)) ?? STATUS.cannotUnderstand);
    callback(response);
  }

  override associationRequested(_association: Association): void {
    this.sendAssociationReject();
  }
  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse();
  }
  override abort(): void {
    // Whoever made the peer listens to the event.
  }
}
