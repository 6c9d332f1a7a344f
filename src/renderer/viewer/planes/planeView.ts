import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { STRAIGHT_AXES } from '../obliqueAxes.ts';
import type { PaneHost } from '../pane.ts';
import {
  carryOver,
  type PixelPoint,
  type PlaneDirections,
  type PlaneFrame,
  pixelToLps,
  planeDirections,
  planeFrame,
  zoomedMiddle,
} from '../planeFrame.ts';
import type { PlaneName, ViewedVolume, ViewerScene } from '../types.ts';
import { sameScan } from './scrolling.ts';

/** The part of the patient that a plane's pane shows: pan, zoom and the directions that follow the axes. */
export interface PlaneView {
  readonly plane: PlaneName;
  frame(): PlaneFrame;
  panBy(shiftLpsMm: Vec3): void;
  /** Keeps the point under the pixel `at` where it is. */
  zoomBy(factor: number, at: PixelPoint): void;
  /** Shows the whole volume. */
  reset(): void;
  /** Zooms in until a cube fills the pane; never out beyond the whole volume. */
  frameCube(centreLpsMm: Vec3, edgeMm: number): void;
  /** Turns with the scene's axes; a volume on another grid is shown whole. */
  follow(scene: ViewerScene): void;
}

const CLOSEST_MM_PER_PIXEL = 0.02;
const WIDEST_MM_PER_PIXEL = 5;

/** Mm per pixel at which all of a volume fits in a pane. */
function fittingScale(volume: ViewedVolume, { right, down }: PlaneDirections, size: PixelPoint): number {
  const { grid } = volume;
  const extent = (direction: Vec3): number =>
    grid.directions.reduce(
      (sum, axis, index) =>
        sum + Math.abs(dot(axis, direction)) * grid.spacingMm[index]! * grid.sizeIjk[index]!,
      0,
    );
  return Math.max(extent(right) / Math.max(1, size[0]), extent(down) / Math.max(1, size[1]));
}

/** @param paneSize the pane's current width and height, in its pixels */
export function createPlaneView(plane: PlaneName, host: PaneHost, paneSize: () => PixelPoint): PlaneView {
  let directions = planeDirections(plane, host.scene().axes);
  let followedVolume: ViewedVolume | null = null;
  let middleLpsMm: Vec3 = [0, 0, 0];
  /** 1 fits the volume to the pane, whatever the pane's size. */
  let zoom = 1;

  /** From the straight plane's extent, so that the scale does not change while the axes turn. */
  function wholeMmPerPixel(): number {
    const { volume } = host.scene();
    return volume ? fittingScale(volume, planeDirections(plane, STRAIGHT_AXES), paneSize()) : 1;
  }

  function frame(): PlaneFrame {
    const [widthPixels, heightPixels] = paneSize();
    return planeFrame(directions, host.scene().crosshairLpsMm, middleLpsMm, {
      mmPerPixel: wholeMmPerPixel() / zoom,
      widthPixels,
      heightPixels,
    });
  }

  function reset(): void {
    zoom = 1;
    const { volume } = host.scene();
    middleLpsMm = volume ? gridCentreLps(volume.grid) : [0, 0, 0];
    host.requestDraw();
  }

  return {
    plane,
    frame,
    reset,
    panBy(shiftLpsMm) {
      middleLpsMm = subtract(middleLpsMm, shiftLpsMm);
      host.requestDraw();
    },
    zoomBy(factor, at) {
      const before = frame();
      const next = Math.min(WIDEST_MM_PER_PIXEL, Math.max(CLOSEST_MM_PER_PIXEL, before.mmPerPixel / factor));
      middleLpsMm = zoomedMiddle(before.centreLpsMm, pixelToLps(before, at), before.mmPerPixel / next);
      zoom *= before.mmPerPixel / next;
      host.keepMoving();
    },
    frameCube(centreLpsMm, edgeMm) {
      zoom = Math.max(1, (wholeMmPerPixel() * Math.min(...paneSize())) / edgeMm);
      middleLpsMm = centreLpsMm;
      host.requestDraw();
    },
    follow(scene) {
      const next = planeDirections(plane, scene.axes);
      middleLpsMm = carryOver(middleLpsMm, scene.crosshairLpsMm, directions, next);
      directions = next;
      const isOther = scene.volume !== null && !sameScan(scene.volume, followedVolume);
      followedVolume = scene.volume;
      if (isOther) reset();
    },
  };
}
