export type { DicomArchive } from './archive.ts';
export {
  parseCaPem,
  parseFingerprint,
  parseIdentity,
  type TlsIdentity,
  type TlsTrust,
} from './certificateTrust.ts';
export { requireUid } from './dicomUid.ts';
export type { FetchedSeries } from './fetchedSeries.ts';
export { fetchStudy } from './fetchStudy.ts';
export { collectFiles, type StoredFile } from './filesToStore.ts';
export { listSeries } from './listSeries.ts';
export { type DicomNode, parseAeTitle, parseListenAddress, parseNodeAddress } from './node/dicomNode.ts';
export type { NodeTls } from './node/nodeTls.ts';
export { listReceived, type ReceivedFolder } from './receivedFolder.ts';
export {
  isPlainKey,
  type RemoteSeries,
  type RemoteStudy,
  type StudyFilters,
  type StudyOfPatient,
} from './remoteStudy.ts';

export { connectWeb } from './web/connectWeb.ts';
export { type Credentials, parseWebAddress, type WebServer } from './web/webServer.ts';
