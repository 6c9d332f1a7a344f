import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type DicomIdentity, IDENTITY_STEPS_BYTES, readIdentity } from '../dicomIdentity.ts';
import { openLanding, type SeriesLanding } from './seriesLanding.ts';

/** Files of any studies that arrive without being listed before: each lands in the folder of its series. */
export interface StudyInbox {
  /** @throws UserError where the file contradicts one that is here or cannot be written */
  land(announced: AnnouncedFile): Promise<void>;
  /** The sender has ended in order: its series become visible. @returns their folders' names, the series' UIDs */
  finish(): Promise<string[]>;
}

/** A file of which as much has arrived as says what it is. */
export interface AnnouncedFile {
  readonly identity: DicomIdentity;
  /** All of it. */
  readonly file: AsyncIterable<Uint8Array>;
}

const MOST_HEAD_BYTES = IDENTITY_STEPS_BYTES[1] ?? 0;

/** Reads which object is arriving. @throws UserError where it is no DICOM */
export async function announce(file: AsyncIterable<Uint8Array>, sender: string): Promise<AnnouncedFile> {
  const pieces = file[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let identity = readIdentity(head);
  while (identity === undefined && head.length < MOST_HEAD_BYTES) {
    const { done, value } = await pieces.next();
    if (done) break;
    const length = head.length;
    head = Buffer.concat([head, value]);
    // Trying again only for twice as much keeps the work in proportion to the bytes.
    if (head.length >= 2 * length || head.length < 4096) identity = readIdentity(head);
  }
  identity ??= readIdentity(head);
  if (identity === undefined) throw new UserError(failure('network.part-not-dicom', { server: sender }));
  return { identity, file: joined(head, pieces) };
}

export function openStudyInbox(folder: string, sender: string): StudyInbox {
  const landings = new Map<string, Promise<SeriesLanding>>();
  return {
    async land({ identity: { studyUid, seriesUid }, file }) {
      const landing = landings.get(seriesUid) ?? openLanding({ studyUid, seriesUid, folder, server: sender });
      landings.set(seriesUid, landing);
      await (await landing).land(file);
    },
    async finish() {
      const finished: string[] = [];
      for (const [seriesUid, landing] of landings) {
        const { present, finish } = await landing;
        if (present.size === 0) continue;
        await finish();
        finished.push(seriesUid);
      }
      return finished;
    },
  };
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
