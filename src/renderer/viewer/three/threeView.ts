import { turnedView } from '#shared/anatomy/cArmView.ts';
import { add, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { PaneHost } from '../pane.ts';
import {
  type PixelPoint,
  type PlaneFrame,
  pixelShiftToLps,
  pixelToLps,
  zoomedMiddle,
} from '../planeFrame.ts';
import { sameScan } from '../planes/scrolling.ts';
import type { ViewerScene } from '../types.ts';
import {
  cameraFrame,
  directionsOfView,
  FROM_THE_FRONT,
  fitCamera,
  orbit,
  orbitView,
  viewOfDirections,
} from './camera.ts';
import { subject, surfaceToTheRight } from './subject.ts';

/** Where the 3D pane's camera looks from, at what, and how near. */
export interface ThreeView {
  frame(): PlaneFrame;
  /** Turns the camera; one that follows a C-arm asks the owner to turn that. */
  orbitBy(dxPixels: number, dyPixels: number): void;
  panBy(shiftPixels: PixelPoint): void;
  /** Keeps the point under the pixel `at` where it is. */
  zoomBy(factor: number, at: PixelPoint): void;
  /** By degrees, as a C-arm that the camera follows; @returns whether it follows one. */
  turnCArmBy(alphaDegrees: number, betaDegrees: number): boolean;
  /** From the front, with all of what is looked at in the pane; a C-arm that it follows is turned to AP. */
  reset(): void;
  /** Fits another subject to the pane; another scan is seen from the front. */
  follow(scene: ViewerScene): void;
}

/** @param paneSize the pane's current width and height, in its pixels */
export function createThreeView(host: PaneHost, paneSize: () => PixelPoint): ThreeView {
  let directions = FROM_THE_FRONT;
  let fitted = subject(host.scene());
  /** How far the picture was moved from where the subject fits the pane. */
  let panLpsMm: Vec3 = [0, 0, 0];
  /** 1 fits what is looked at to the pane, whatever the pane's size. */
  let zoom = 1;
  let followed: ViewerScene | null = null;

  function frame(): PlaneFrame {
    const [width, height] = paneSize();
    const { middleLpsMm: fittedLpsMm, mmPerPixel } = fitCamera(directions, fitted, width, height);
    const middleLpsMm = add(fittedLpsMm, panLpsMm);
    return cameraFrame({ directions, middleLpsMm, mmPerPixel: mmPerPixel / zoom }, width, height);
  }

  function fitTo(scene: ViewerScene): void {
    fitted = subject(scene);
    panLpsMm = [0, 0, 0];
    zoom = 1;
  }

  return {
    frame,
    orbitBy(dxPixels, dyPixels) {
      const { cArm } = host.scene();
      if (cArm) host.events.onCArm(orbitView(cArm, dxPixels, dyPixels));
      else directions = orbit(directions, dxPixels, dyPixels);
    },
    turnCArmBy(alphaDegrees, betaDegrees) {
      const { cArm } = host.scene();
      if (cArm) host.events.onCArm(turnedView(cArm, alphaDegrees, betaDegrees));
      return cArm !== null;
    },
    panBy(shiftPixels) {
      panLpsMm = subtract(panLpsMm, pixelShiftToLps(frame(), shiftPixels));
    },
    zoomBy(factor, at) {
      const before = frame();
      const middleLpsMm = zoomedMiddle(before.centreLpsMm, pixelToLps(before, at), factor);
      panLpsMm = add(panLpsMm, subtract(middleLpsMm, before.centreLpsMm));
      zoom *= factor;
      host.keepMoving();
    },
    reset() {
      directions = FROM_THE_FRONT;
      fitTo(host.scene());
      if (host.scene().cArm) host.events.onCArm(viewOfDirections(FROM_THE_FRONT));
      host.requestDraw();
    },
    follow(scene) {
      const before = followed;
      followed = scene;
      const isOtherScan = !sameScan(scene.volume, before?.volume);
      const isFirstMesh = scene.mesh !== null && !before?.mesh;
      const isRegionTurn = (scene.region?.editable ?? false) !== (before?.region?.editable ?? false);
      const isOtherRendering = before?.volumeRendering !== scene.volumeRendering;
      const isOtherBeside = surfaceToTheRight(scene) !== (before ? surfaceToTheRight(before) : null);
      if (isOtherScan) directions = FROM_THE_FRONT;
      // No longer followed, the C-arm leaves the camera where it is.
      if (scene.cArm) directions = directionsOfView(scene.cArm);
      // The viewing direction stays; only the subject is fitted again.
      if (isOtherScan || isFirstMesh || isRegionTurn || isOtherRendering || isOtherBeside) fitTo(scene);
    },
  };
}
