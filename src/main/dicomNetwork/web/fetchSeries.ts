import pMap from 'p-map';
import { isFailedWith, throwIfCancelled, UserError } from '#shared/errors.ts';
import { distinctFailures, type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { FetchedSeries, SeriesToFetch } from '../fetchedSeries.ts';
import { openLanding, type SeriesLanding } from '../landing/seriesLanding.ts';
import type { HttpConnection } from './httpConnection.ts';
import { queryInstances } from './queryServer.ts';
import { isOutOfReach, retrieveFiles } from './retrieve.ts';

const INSTANCES_AT_ONCE = 4;
/** A connection that breaks within an instance; those that fail before are repeated by `HttpConnection.send`. */
const ATTEMPTS_AN_INSTANCE = 3;

/**
 * Fetches a series into a folder below `folder`, going on where an earlier fetch ended: as a whole where most of it is
 * missing, then image by image whatever the server did not send.
 *
 * @throws UserError where it is not whole; what arrived is kept for the next fetch
 * @throws CancelledError where `signal` fires; the same
 */
export async function fetchSeries(
  connection: HttpConnection,
  series: SeriesToFetch,
  folder: string,
  { signal, onProgress }: JobOptions = {},
): Promise<FetchedSeries> {
  const { server } = connection;
  const { studyUid, seriesUid } = series;
  const path = `/studies/${studyUid}/series/${seriesUid}`;
  const landing = await openLanding({ studyUid, seriesUid, folder, server });
  const listed = await listedInstances(connection, series, signal);
  const expected = Math.max(listed?.size ?? 0, series.imageCount ?? 0);
  const before = landing.present.size;
  const troubles: Failure[] = [];
  const report = (): void =>
    onProgress?.({
      stage: 'Fetching images',
      fraction: expected === 0 ? 0 : Math.min(1, landing.present.size / expected),
    });
  const land = async (file: AsyncIterable<Uint8Array>): Promise<void> => {
    throwIfCancelled(signal);
    try {
      await landing.land(file);
      report();
    } catch (thrown) {
      // The other images are not to blame for one that is wrong.
      if (!isOfOneImage(thrown)) throw thrown;
      troubles.push(thrown.failure);
    }
  };

  report();
  const missing = (): string[] => [...(listed ?? [])].filter((uid) => !landing.present.has(uid));
  let isStreamWhole = false;
  if (listed === undefined || missing().length > listed.size / 2) {
    try {
      for await (const file of retrieveFiles(connection, path, signal)) await land(file);
      isStreamWhole = true;
    } catch (thrown) {
      if (!(thrown instanceof UserError) || isOutOfReach(thrown) || isOfTheDisk(thrown))
        throw remember(thrown);
      troubles.push(thrown.failure);
    }
  }
  const fetchOne = async (uid: string): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        for await (const file of retrieveFiles(connection, `${path}/instances/${uid}`, signal))
          await land(file);
        return;
      } catch (thrown) {
        if (!(thrown instanceof UserError) || isOutOfReach(thrown) || isOfTheDisk(thrown)) throw thrown;
        if (attempt < ATTEMPTS_AN_INSTANCE && isBroken(thrown)) continue;
        troubles.push(thrown.failure);
        return;
      }
    }
  };
  await pMap(missing(), fetchOne, { concurrency: INSTANCES_AT_ONCE }).catch((thrown) => {
    throw remember(thrown);
  });

  /** A failure of the connection, with how much is here. */
  function remember(thrown: unknown): unknown {
    return thrown instanceof UserError && !isOfTheDisk(thrown)
      ? incomplete(landing, expected, server, [thrown.failure])
      : thrown;
  }
  const contradiction = troubles.find(({ code }) => code === 'network.instance-contradicts');
  if (contradiction !== undefined) throw new UserError(contradiction);
  const isWhole = expected > 0 ? missing().length === 0 && landing.present.size >= expected : isStreamWhole;
  if (!isWhole || landing.present.size === 0) throw incomplete(landing, expected, server, troubles);
  const files = await landing.finish();
  return {
    studyUid,
    seriesUid,
    files,
    received: files.length - before,
    isCountKnown: expected > 0,
    // Whatever failed on the way was made up for, except for images that were wrong themselves.
    warnings: distinctFailures(troubles.filter(({ code }) => code === 'network.instance-foreign')),
  };
}

/** The UIDs of the series' images; undefined where the server does not list them. */
async function listedInstances(
  connection: HttpConnection,
  { studyUid, seriesUid }: SeriesToFetch,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const listed = await queryInstances(connection, studyUid, seriesUid, signal);
    return listed.size === 0 ? undefined : listed;
  } catch (thrown) {
    if (isFailedWith(thrown, 'network.not-found', 'network.status', 'network.answer-type')) return undefined;
    throw thrown;
  }
}

const incomplete = (
  { present }: SeriesLanding,
  expected: number,
  server: string,
  reason: readonly Failure[],
): UserError =>
  new UserError(
    failure('network.series-incomplete', {
      server,
      arrived: present.size,
      expected: Math.max(expected, present.size),
      reason: distinctFailures(reason).slice(0, 3),
    }),
  );

const isOfOneImage = (thrown: unknown): thrown is UserError =>
  isFailedWith(thrown, 'network.part-not-dicom', 'network.instance-foreign', 'network.instance-contradicts');
const isOfTheDisk = (thrown: unknown): boolean => isFailedWith(thrown, 'network.not-written');
const isBroken = (thrown: unknown): boolean =>
  isFailedWith(thrown, 'network.connection-ended', 'network.answer-cut', 'network.answer-damaged');
