import type { LabelMap } from '#shared/contract/values.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { drawingContext, type Graphics } from '../graphics.ts';
import { deviceRatio } from '../pane.ts';
import type { PlaneFrame } from '../planeFrame.ts';
import type { HuWindow, Slab, ViewedVolume } from '../types.ts';
import { paintGrey } from './huWindow.ts';
import { paintTint, partTouched, sampleLabels, wholeLattice } from './labelTint.ts';
import { reslice, type SampleLattice, sampleLattice } from './reslice.ts';

/** The grey picture and the labels' tint of a pane, each kept until what it shows changes. */
export interface PlanePicture {
  /**
   * Brings the picture up to date. `quality` below 1 takes fewer samples while something moves.
   * @returns whether any of it was made anew
   */
  update(shown: ShownPicture, frame: PlaneFrame, quality: number): boolean;
  /** The volume's voxels were changed in place. */
  touchVolume(): void;
  touchLabels(lowIjk: Vec3, highIjk: Vec3): void;
  draw(context: CanvasRenderingContext2D, frame: PlaneFrame): void;
  /** How long a grey picture at full quality takes, ms, estimated from the last one. */
  fullMilliseconds(): number;
}

export interface ShownPicture {
  readonly volume: ViewedVolume | null;
  readonly labels: LabelMap | null;
  readonly window: HuWindow;
  readonly slab: Slab;
}

interface Raster {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  image: ImageData;
  rgba: Uint32Array;
}

function createRaster(graphics: Graphics): Raster {
  const canvas = document.createElement('canvas');
  const context = drawingContext(canvas, graphics);
  const image = context.createImageData(1, 1);
  return { canvas, context, image, rgba: new Uint32Array(image.data.buffer) };
}

function resize(raster: Raster, { columns, rows }: SampleLattice): void {
  if (raster.image.width === columns && raster.image.height === rows) return;
  raster.canvas.width = columns;
  raster.canvas.height = rows;
  raster.image = raster.context.createImageData(columns, rows);
  raster.rgba = new Uint32Array(raster.image.data.buffer);
}

/** Samples to the pane's pixel: as many as the screen has, but no finer than the voxels can show. */
function samplesPerPixel(volume: ViewedVolume, frame: PlaneFrame): number {
  const finestMm = 0.4 * Math.min(...volume.grid.spacingMm);
  return Math.max(0.05, Math.min(deviceRatio(), frame.mmPerPixel / finestMm));
}

const keyOf = (lattice: SampleLattice, rest: readonly (string | number)[]): string =>
  [lattice.columns, lattice.rows, lattice.startIjk, lattice.rightIjk, lattice.downIjk, rest].join(' ');

export function createPlanePicture(graphics: Graphics): PlanePicture {
  const grey = createRaster(graphics);
  const tint = createRaster(graphics);
  let hu = new Int16Array(0);
  let labelSamples = new Uint8Array(0);
  let labelLattice: SampleLattice | null = null;
  let [huKey, windowKey, labelKey] = ['', '', ''];
  let shownVolume: ViewedVolume | null = null;
  let shownLabels: LabelMap | null = null;
  let perPixel = 1;
  let drawnPlace = '';
  let milliseconds = 0;
  const touched: (readonly [Vec3, Vec3])[] = [];

  function updateGrey({ volume, slab, window }: ShownPicture, frame: PlaneFrame): boolean {
    if (!volume) {
      shownVolume = null;
      return false;
    }
    const lattice = sampleLattice(volume.grid, frame, perPixel);
    const key = keyOf(lattice, [slab.thicknessMm, slab.mode]);
    const isFresh = key !== huKey || volume !== shownVolume;
    if (isFresh) {
      const started = performance.now();
      if (hu.length !== lattice.columns * lattice.rows) hu = new Int16Array(lattice.columns * lattice.rows);
      reslice(volume, lattice, slab, hu);
      const share = perPixel / samplesPerPixel(volume, frame);
      milliseconds = (performance.now() - started) / (share * share);
      huKey = key;
      shownVolume = volume;
    }
    const nextWindow = `${window.centreHu} ${window.widthHu} ${window.inverted}`;
    if (!isFresh && nextWindow === windowKey) return false;
    windowKey = nextWindow;
    resize(grey, lattice);
    paintGrey(hu, window, grey.rgba);
    grey.context.putImageData(grey.image, 0, 0);
    return true;
  }

  function updateTint({ labels }: ShownPicture, frame: PlaneFrame): boolean {
    if (!labels) {
      shownLabels = null;
      touched.length = 0;
      return false;
    }
    const lattice = sampleLattice(labels.grid, frame, perPixel);
    const key = keyOf(lattice, []);
    const isFresh = key !== labelKey || labels !== shownLabels || labelLattice === null;
    const parts = isFresh
      ? [wholeLattice(lattice)]
      : touched.flatMap(([low, high]) => partTouched(lattice, low, high) ?? []);
    touched.length = 0;
    if (isFresh) {
      labelKey = key;
      shownLabels = labels;
      labelLattice = lattice;
      resize(tint, lattice);
      if (labelSamples.length !== lattice.columns * lattice.rows)
        labelSamples = new Uint8Array(lattice.columns * lattice.rows);
    }
    for (const part of parts) {
      sampleLabels(labels, lattice, part, labelSamples);
      paintTint(labelSamples, lattice, part, tint.rgba);
      tint.context.putImageData(
        tint.image,
        0,
        0,
        part.fromColumn,
        part.fromRow,
        part.toColumn - part.fromColumn,
        part.toRow - part.fromRow,
      );
    }
    return parts.length > 0;
  }

  const drawRaster = (context: CanvasRenderingContext2D, { canvas }: Raster): void =>
    context.drawImage(canvas, 0, 0, canvas.width / perPixel, canvas.height / perPixel);

  return {
    update(shown, frame, quality) {
      if (shown.volume) {
        const wanted = samplesPerPixel(shown.volume, frame) * quality;
        const place = JSON.stringify([frame, shown.slab]);
        // A finer picture of the same place is kept: a stroke or a window's drag must not make it coarse.
        if (place !== drawnPlace || shown.volume !== shownVolume || wanted > perPixel) perPixel = wanted;
        drawnPlace = place;
      }
      const isGreyNew = updateGrey(shown, frame);
      return updateTint(shown, frame) || isGreyNew;
    },
    touchVolume() {
      huKey = '';
    },
    touchLabels(lowIjk, highIjk) {
      touched.push([lowIjk, highIjk]);
    },
    draw(context) {
      context.imageSmoothingEnabled = true;
      if (shownVolume) drawRaster(context, grey);
      if (shownLabels) drawRaster(context, tint);
    },
    fullMilliseconds: () => milliseconds,
  };
}
