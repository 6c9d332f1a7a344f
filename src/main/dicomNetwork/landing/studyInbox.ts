import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type DicomIdentity, IDENTITY_STEPS_BYTES, readIdentity } from '../dicomIdentity.ts';
import { openLanding, type SeriesLanding } from './seriesLanding.ts';

/** Files of any studies that arrive without being listed before: each lands in the folder of its series. */
export interface StudyInbox {
  /** @throws UserError where the file contradicts one that is here or cannot be written */
  land(announced: AnnouncedFile): Promise<void>;
  /**
   * The sender has ended. Its series become visible where it ended in order, as soon as no other sender sends images of
   * them: some send each image by itself, and several at a time.
   * @returns the UIDs of the series that became visible
   */
  end(isInOrder: boolean): Promise<string[]>;
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

/** A series that images arrive of. */
interface ArrivingSeries {
  readonly landing: Promise<SeriesLanding>;
  readonly inboxes: Set<object>;
  /** Some sender of it has ended in order. */
  isSent: boolean;
}

/** A function that opens an inbox for each sender; all land in one folder. */
export function createStudyInboxes(folder: string, sender: string): () => StudyInbox {
  const arriving = new Map<string, ArrivingSeries>();
  return () => {
    const inbox = {};
    const own = new Set<string>();
    return {
      async land({ identity: { studyUid, seriesUid }, file }) {
        const known = arriving.get(seriesUid);
        const series = known ?? {
          landing: openLanding({ studyUid, seriesUid, folder, server: sender }),
          inboxes: new Set(),
          isSent: false,
        };
        arriving.set(seriesUid, series);
        series.inboxes.add(inbox);
        own.add(seriesUid);
        await (await series.landing).land(file);
      },
      async end(isInOrder) {
        const finished: string[] = [];
        for (const seriesUid of own) {
          const series = arriving.get(seriesUid);
          if (series === undefined) continue;
          series.isSent ||= isInOrder;
          series.inboxes.delete(inbox);
          try {
            if (series.inboxes.size > 0 || !series.isSent) continue;
            const { present, finish } = await series.landing;
            if (present.size === 0) continue;
            series.isSent = false;
            await finish();
            finished.push(seriesUid);
          } finally {
            if (series.inboxes.size === 0) arriving.delete(seriesUid);
          }
        }
        return finished;
      },
    };
  };
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
