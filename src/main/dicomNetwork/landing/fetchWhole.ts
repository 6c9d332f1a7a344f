import { isFailedWith, throwIfCancelled, UserError } from '#shared/errors.ts';
import { distinctFailures, type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { FetchedSeries, SeriesToFetch } from '../fetchedSeries.ts';
import type { ListedImages } from '../remoteStudy.ts';
import { isOfOneImage, openLanding, type SeriesLanding } from './seriesLanding.ts';

/** Takes one DICOM file. Throws only where going on is of no use. */
export type Land = (file: AsyncIterable<Uint8Array>) => Promise<void>;

/** How a server gives a series. All throw UserErrors, and CancelledError where the work's signal fires. */
export interface SeriesSource {
  readonly server: string;
  /** Its images; undefined where the server does not list them. */
  list(): Promise<ListedImages | undefined>;
  /** All images. */
  whole(land: Land): Promise<void>;
  /** Some images; failures that concern one of them are given to `onTrouble`. */
  some(uids: readonly string[], land: Land, onTrouble: (trouble: Failure) => void): Promise<void>;
}

/**
 * Fetches a series into a folder below `folder`, going on where an earlier fetch ended: as a whole where most of it is
 * missing, then image by image whatever the server did not send.
 *
 * @throws UserError where it is not whole; what arrived is kept for the next fetch
 * @throws CancelledError where `signal` fires; the same
 */
export async function fetchWhole(
  source: SeriesSource,
  { studyUid, seriesUid, imageCount }: SeriesToFetch,
  folder: string,
  { signal, onProgress }: JobOptions = {},
): Promise<FetchedSeries> {
  const { server } = source;
  const landing = await openLanding({ studyUid, seriesUid, folder, server });
  const images = await source.list();
  const listed = images?.uids;
  const expected = Math.max(listed?.size ?? 0, imageCount ?? 0);
  const before = landing.present.size;
  const troubles: Failure[] = [];
  const { withoutUid = 0 } = images ?? {};
  // They cannot be asked for, nor kept apart where they come: slices may be missing.
  if (withoutUid > 0) troubles.push(failure('network.images-without-uid', { server, images: withoutUid }));
  const report = (): void =>
    onProgress?.({
      stage: 'Fetching images',
      fraction: expected === 0 ? 0 : Math.min(1, landing.present.size / expected),
    });
  const land: Land = async (file) => {
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
  const missing = (): string[] => [...(listed ?? [])].filter((uid) => !landing.present.has(uid));

  report();
  let isStreamWhole = false;
  try {
    if (listed === undefined || missing().length > listed.size / 2) {
      try {
        await source.whole(land);
        isStreamWhole = true;
      } catch (thrown) {
        if (!(thrown instanceof UserError) || isOutOfReach(thrown) || isOfTheDisk(thrown)) throw thrown;
        troubles.push(thrown.failure);
      }
    }
    const rest = missing();
    if (rest.length > 0) await source.some(rest, land, (trouble) => troubles.push(trouble));
  } catch (thrown) {
    if (!(thrown instanceof UserError) || isOfTheDisk(thrown)) throw thrown;
    throw incomplete(landing, expected, server, [thrown.failure]);
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
    // Whatever else failed on the way was made up for.
    warnings: distinctFailures(troubles.filter(({ code }) => WARNED_OF.has(code))),
  };
}

/** Images that are not there for what they are themselves. */
const WARNED_OF: ReadonlySet<string> = new Set(['network.instance-foreign', 'network.images-without-uid']);

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

/** Whether the server cannot be spoken to at all: asking it for the next thing is of no use. */
export const isOutOfReach = (thrown: unknown): boolean =>
  isFailedWith(
    thrown,
    'network.unreachable',
    'network.silent',
    'network.certificate-untrusted',
    'network.certificate-changed',
    'network.password-needed',
    'network.password-refused',
    'network.redirected',
    'network.association-refused',
  );

/** Whether the images cannot be written: no server is to blame. */
export const isOfTheDisk = (thrown: unknown): boolean => isFailedWith(thrown, 'network.not-written');
