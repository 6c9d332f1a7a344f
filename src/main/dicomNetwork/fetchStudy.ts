import { isFailedWith, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { DicomArchive } from './archive.ts';
import type { FetchedSeries } from './fetchedSeries.ts';
import { listSeries } from './listSeries.ts';
import type { RemoteSeries, StudyOfPatient } from './remoteStudy.ts';

export interface StudyToFetch extends StudyOfPatient {
  /** Default: all series. */
  readonly seriesUids?: readonly string[];
  /** Only series of this modality. */
  readonly modality?: string;
}

export interface FetchedStudy {
  readonly series: readonly FetchedSeries[];
  /** Of the study's list: series that cannot be asked for, other patients with the same UID. */
  readonly warnings: readonly Failure[];
  readonly failed: readonly { readonly seriesUid: string; readonly failure: Failure }[];
}

/**
 * Fetches the series of a study, one after the other. A series that fails does not stop the others.
 *
 * @throws UserError where the server has no such study or series, or cannot be spoken to
 */
export async function fetchStudy(
  archive: DicomArchive,
  { studyUid, patient, seriesUids, modality }: StudyToFetch,
  folder: string,
  { signal, onProgress }: JobOptions = {},
): Promise<FetchedStudy> {
  const { server } = archive;
  const { series: all, warnings } = await listSeries(archive, { studyUid, patient }, signal);
  if (all.length === 0)
    throw new UserError(
      warnings.find(({ code }) => code === 'network.series-without-uid') ??
        failure('network.no-study', { server }),
    );
  const isWanted = (one: RemoteSeries): boolean =>
    (seriesUids?.includes(one.seriesUid) ?? true) && (modality === undefined || one.modality === modality);
  const wanted = all.filter(isWanted);
  if (wanted.length === 0 || (seriesUids ?? []).some((uid) => wanted.every((one) => one.seriesUid !== uid)))
    throw new UserError(failure('network.no-series', { server }));
  const series: FetchedSeries[] = [];
  const failed: { seriesUid: string; failure: Failure }[] = [];
  for (const [index, one] of wanted.entries()) {
    try {
      const fetched = await archive.fetchSeries(one, folder, {
        ...withoutUndefined({ signal }),
        onProgress: ({ fraction }) =>
          onProgress?.({
            stage: `Fetching series ${index + 1} of ${wanted.length}`,
            fraction: (index + fraction) / wanted.length,
          }),
      });
      series.push(fetched);
    } catch (thrown) {
      if (!isFailedWith(thrown, 'network.series-incomplete', 'network.instance-contradicts')) throw thrown;
      if (thrown instanceof UserError) failed.push({ seriesUid: one.seriesUid, failure: thrown.failure });
    }
  }
  return { series, warnings, failed };
}
