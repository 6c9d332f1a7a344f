import pMap from 'p-map';
import { isFailedWith, UserError } from '#shared/errors.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { FetchedSeries, SeriesToFetch } from '../fetchedSeries.ts';
import { fetchWhole, isOfTheDisk, isOutOfReach } from '../landing/fetchWhole.ts';
import type { ListedImages } from '../remoteStudy.ts';
import type { HttpConnection } from './httpConnection.ts';
import { queryInstances } from './queryServer.ts';
import { retrieveFiles } from './retrieve.ts';

const INSTANCES_AT_ONCE = 4;
/** A connection that breaks within an instance; those that fail before are repeated by `HttpConnection.send`. */
const ATTEMPTS_AN_INSTANCE = 3;

/** Fetches a series by WADO-RS (`fetchWhole`). */
export function fetchSeries(
  connection: HttpConnection,
  series: SeriesToFetch,
  folder: string,
  job: JobOptions = {},
): Promise<FetchedSeries> {
  const { signal } = job;
  const path = `/studies/${series.studyUid}/series/${series.seriesUid}`;
  return fetchWhole(
    {
      server: connection.server,
      list: () => listedInstances(connection, series, signal),
      async whole(land) {
        for await (const file of retrieveFiles(connection, path, signal)) await land(file);
      },
      async some(uids, land, onTrouble) {
        const fetchOne = async (uid: string): Promise<void> => {
          for (let attempt = 1; ; attempt++) {
            try {
              const files = retrieveFiles(connection, `${path}/instances/${uid}`, signal);
              for await (const file of files) await land(file);
              return;
            } catch (thrown) {
              if (!(thrown instanceof UserError) || isOutOfReach(thrown) || isOfTheDisk(thrown)) throw thrown;
              if (attempt < ATTEMPTS_AN_INSTANCE && isBroken(thrown)) continue;
              onTrouble(thrown.failure);
              return;
            }
          }
        };
        await pMap(uids, fetchOne, { concurrency: INSTANCES_AT_ONCE });
      },
    },
    series,
    folder,
    job,
  );
}

/** The series' images; undefined where the server does not list them. */
async function listedInstances(
  connection: HttpConnection,
  { studyUid, seriesUid }: SeriesToFetch,
  signal: AbortSignal | undefined,
): Promise<ListedImages | undefined> {
  try {
    const listed = await queryInstances(connection, studyUid, seriesUid, signal);
    return listed.uids.size + listed.withoutUid === 0 ? undefined : listed;
  } catch (thrown) {
    if (isFailedWith(thrown, 'network.not-found', 'network.status', 'network.answer-type')) return undefined;
    throw thrown;
  }
}

const isBroken = (thrown: unknown): boolean =>
  isFailedWith(thrown, 'network.connection-ended', 'network.answer-cut', 'network.answer-damaged');
