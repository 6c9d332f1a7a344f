import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { ctFiles, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { DicomArchive } from '../archive.ts';
import { fetchStudy } from '../fetchStudy.ts';
import { connectWeb } from '../web/connectWeb.ts';
import type { WebServer } from '../web/webServer.ts';
import {
  type FakeDicomWeb,
  type FakeOptions,
  type Intercept,
  identityOfFile,
  startFakeDicomWeb,
} from './fakeDicomWeb.ts';

/** The series of eight slices that the server in the tests' process holds. */
export const volume = rampVolume(smallGrid());
export const slices = [...ctFiles(volume).values()];
export const { studyUid, seriesUid } = identityOfFile(slices[0]!);
export const sortedSlices = [...slices]
  .sort((a, b) => (identityOfFile(a).sopInstanceUid < identityOfFile(b).sopInstanceUid ? -1 : 1))
  .map((slice) => Buffer.from(slice));
export const WHOLE_SERIES = new RegExp(`/series/${seriesUid}$`);
const QUICK = { connectMs: 2000, answerMs: 2000, pieceMs: 2000, pausesMs: [1, 1] };

/** Servers, connections and a folder for each test of the file; closed and removed after it. */
export function setUpFakeServers() {
  let folder = '';
  const toClose: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-web-'));
  });
  afterEach(async () => {
    for (const one of toClose.splice(0).reverse()) await one.close();
    await rm(folder, { recursive: true });
  });
  return {
    toClose,
    folder: () => folder,
    async fakeServer(options: FakeOptions = {}): Promise<FakeDicomWeb> {
      const fake = await startFakeDicomWeb({ files: slices, ...options });
      toClose.push(fake);
      return fake;
    },
    archiveOf(url: string, more: Partial<WebServer> = {}, patience = {}): DicomArchive {
      const archive = connectWeb({ url, ...more }, { ...QUICK, ...patience });
      toClose.push(archive);
      return archive;
    },
    fetchAll: (archive: DicomArchive, signal?: AbortSignal) =>
      fetchStudy(archive, { studyUid }, folder, withoutUndefined({ signal })),
    async fetchedFiles(): Promise<Buffer[]> {
      const names = await readdir(join(folder, seriesUid));
      return Promise.all(names.sort().map((name) => readFile(join(folder, seriesUid, name))));
    },
  };
}

/** The failure of work that has to fail. */
export async function failureFrom(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof UserError)) throw new Error(`No UserError: ${thrown}`);
  return thrown.failure;
}

/** Answers the first request whose path matches, as often as said. */
export function answering(path: RegExp, answer: (response: ServerResponse) => void, times = 1): Intercept {
  let left = times;
  return (request, response) => {
    if (!path.test(request.path) || left === 0) return false;
    left -= 1;
    answer(response);
    return true;
  };
}
