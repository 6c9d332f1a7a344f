import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { cropToGrid } from '../region/index.ts';
import type { ReviewCase } from '../review/index.ts';

/** A phase's segmentation without its voxels, which are cut from the scan again, and without labels. */
export interface KeptCase {
  /** Also the id of its saved work. */
  readonly id: string;
  /** As it is shown in the cine: the latest, with a person's edits. */
  readonly appendage: MeasuredAppendage;
  /** As it was segmented, on its whole scan; null where that is another. */
  on(volume: ViewedVolume): ReviewCase | null;
}

/** @param before what was kept of the same phase: its first state stays where only numbers changed */
export function keepCase(
  reviewCase: ReviewCase,
  appendage: MeasuredAppendage,
  before: KeptCase | undefined,
): KeptCase {
  if (before?.id === reviewCase.id) return { ...before, appendage };
  const { crop, labels: _labels, ...rest } = reviewCase;
  const { grid } = crop;
  return {
    id: reviewCase.id,
    appendage,
    on(volume) {
      const cut = cropToGrid(volume, grid);
      if (cut === null) return null;
      const data = ownBuffer(rasterizeClosedMesh(rest.original.closed, grid));
      return { ...rest, crop: cut, labels: { grid, data } };
    },
  };
}
