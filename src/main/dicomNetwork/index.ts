export type { DicomArchive } from './archive.ts';
export { requireUid } from './dicomUid.ts';
export type { FetchedSeries } from './fetchedSeries.ts';
export { fetchStudy } from './fetchStudy.ts';
export { collectFiles, type StoredFile } from './filesToStore.ts';
export type { RemoteSeries, RemoteStudy, StudyFilters } from './remoteStudy.ts';
export { parseCaPem, parseFingerprint } from './web/certificateTrust.ts';
export { connectWeb } from './web/connectWeb.ts';
export { type Credentials, parseWebAddress, type TlsTrust, type WebServer } from './web/webServer.ts';
