import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { SliceStack } from '#shared/geometry/sliceStack.ts';
import { rasterizeClosedMesh, rasterizeOnSlices } from '#shared/mesh/rasterize.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { type PlacedLabels, placeOfStack } from '../interchange/gzipSlices.ts';
import { encodeNrrd } from '../interchange/nrrd.ts';
import {
  type DrawnPanels,
  drawPanels,
  finishPicture,
  type PreviewPlanes,
  type PreviewSurface,
  type PreviewTexts,
  readPlanes,
} from '../preview/previewImage.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';

/** What a result's picture and mask are drawn from: plain data, which may cross to another thread. */
export interface SurfaceToDraw {
  readonly surface: PreviewSurface;
  readonly planes: PreviewPlanes;
  /** Where the mask's voxels lie: on the scan's grid, or on its own slices where these are no lattice. */
  readonly mask: { readonly grid: GridLps } | { readonly stack: SliceStack };
}

/**
 * The picture and the mask of one result, the costliest of its files. Both are begun as soon as the surface is there; the
 * picture's texts come later.
 */
export interface ResultDrawing {
  /** To be called once, and before the others. */
  begin(surface: SurfaceToDraw): void;
  /** The bytes of the mask, NRRD. */
  mask(): Promise<Uint8Array>;
  /** The bytes of the picture, PNG. To be called once. */
  picture(texts: PreviewTexts): Promise<Uint8Array>;
  free(): Promise<void>;
}

/** @param ownSlices the scan's slices where these are no lattice */
export function surfaceToDraw(
  volume: VolumeHu,
  { closed, ostium }: Pick<ExtractedAppendage, 'closed' | 'ostium'>,
  ownSlices: SliceStack | undefined,
): SurfaceToDraw {
  return {
    surface: {
      closed,
      wall: ostium.found ? ostium.wall : undefined,
      ostium: ostium.found ? { rimLpsMm: ostium.rimLpsMm, normal: ostium.planeNormal } : undefined,
    },
    planes: readPlanes(volume, closed),
    mask: ownSlices ? { stack: ownSlices } : { grid: volume.grid },
  };
}

/** The picture, short of its texts. */
export const drawnPanels = ({ planes, surface }: SurfaceToDraw): DrawnPanels => drawPanels(planes, surface);

/** The mask as a file. */
export function maskBytes({ surface: { closed }, mask }: SurfaceToDraw): Uint8Array {
  const labels: PlacedLabels =
    'grid' in mask
      ? { grid: mask.grid, data: rasterizeClosedMesh(closed, mask.grid) }
      : { ...placeOfStack(mask.stack), data: Buffer.concat([...rasterizeOnSlices(closed, mask.stack)]) };
  return encodeNrrd(labels);
}

/** Draws in this thread, when each is asked for. */
export function drawHere(): ResultDrawing {
  let begun: SurfaceToDraw | undefined;
  const surface = (): SurfaceToDraw => {
    if (!begun) throw new Error('The drawing has not begun.');
    return begun;
  };
  return {
    begin(toDraw) {
      begun = toDraw;
    },
    mask: async () => maskBytes(surface()),
    picture: async (texts) => finishPicture(drawnPanels(surface()), texts),
    free: async () => undefined,
  };
}
