import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { IDENTITY_STEPS_BYTES, readIdentity } from '../dicomIdentity.ts';
import { openLanding, type SeriesLanding } from './seriesLanding.ts';

/** Files of any studies that arrive without being listed before: each lands in the folder of its series. */
export interface StudyInbox {
  /** @throws UserError where the file is no DICOM, contradicts one that is here or cannot be written */
  land(file: AsyncIterable<Uint8Array>): Promise<void>;
  /** The sender has ended in order: its series become visible. @returns their folders' names, the series' UIDs */
  finish(): Promise<string[]>;
}

const MOST_HEAD_BYTES = IDENTITY_STEPS_BYTES[1] ?? 0;

export function openStudyInbox(folder: string, sender: string): StudyInbox {
  const landings = new Map<string, Promise<SeriesLanding>>();
  return {
    async land(file) {
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
      const { studyUid, seriesUid } = identity;
      const landing = landings.get(seriesUid) ?? openLanding({ studyUid, seriesUid, folder, server: sender });
      landings.set(seriesUid, landing);
      await (await landing).land(joined(head, pieces));
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
