import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type DicomArchive, fetchStudy } from '#main/dicomNetwork/index.ts';
import type { Orthanc } from './orthanc.ts';

/**
 * Fetches a series while its server is killed in the middle: nothing is taken for whole, and what arrived is kept. Then
 * the server runs again, and the rest is fetched.
 * @param imageCount how many the series has
 */
export async function fetchThroughCrash(
  orthanc: Orthanc,
  archive: DicomArchive,
  series: { readonly studyUid: string; readonly seriesUid: string; readonly imageCount: number },
  output: string,
): Promise<void> {
  const { studyUid, seriesUid, imageCount } = series;
  const wanted = { studyUid, seriesUids: [seriesUid] };
  let killing: Promise<void> | undefined;
  const { failed } = await fetchStudy(archive, wanted, output, {
    onProgress: ({ fraction }) => {
      if (fraction > 0.1) killing ??= orthanc.kill();
    },
  });
  expect(failed).toMatchObject([{ seriesUid, failure: { code: 'network.series-incomplete' } }]);
  await killing;
  expect(await readdir(output)).toEqual([`${seriesUid}.incomplete`]);
  const kept = (await readdir(join(output, `${seriesUid}.incomplete`))).length;
  expect(kept).toBeGreaterThan(0);
  await orthanc.start();
  const again = await fetchStudy(archive, wanted, output);
  expect(again.series).toMatchObject([{ received: imageCount - kept }]);
  expect(again.series[0]?.files).toHaveLength(imageCount);
  expect(await readdir(output)).toEqual([seriesUid]);
}
