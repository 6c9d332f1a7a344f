import { wrap } from 'comlink';
import type { SessionParts } from './sessionArchive.ts';
import type { SessionArchiveMethods } from './sessionArchive.worker.ts';

/** Packs and unpacks saved sessions beside the main thread. */
export interface SessionArchiver {
  pack(parts: SessionParts): Promise<Uint8Array>;
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  unpack(archive: Uint8Array): Promise<SessionParts>;
  close(): void;
}

export function createSessionArchiver(): SessionArchiver {
  const worker = new Worker(new URL('./sessionArchive.worker.ts', import.meta.url), { type: 'module' });
  const methods = wrap<SessionArchiveMethods>(worker);
  return {
    pack: (parts) => methods.packSession(parts),
    compress: (bytes) => methods.compressPart(bytes),
    unpack: (archive) => methods.unpackSession(archive),
    close: () => worker.terminate(),
  };
}
