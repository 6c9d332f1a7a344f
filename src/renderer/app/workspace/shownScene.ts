import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Annotations } from '../../features/annotations/index.ts';
import type { Phases } from '../../features/phases/index.ts';
import {
  alongLineMm,
  type CArm,
  isLandmark,
  type Landmarks,
  type LineCorrection,
  linePointOf,
  type OutlineCorrection,
  outlinePointOf,
  type PlacedDevice,
  type Planning,
  ZONE_HANDLE,
} from '../../features/planning/index.ts';
import type { Regions } from '../../features/region/index.ts';
import type { Beside, Comparison, Review } from '../../features/review/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { CreateViewer, ViewerEvents, ViewerScene } from '../../viewer/types.ts';
import { pageLanguage } from '../../words/index.ts';
import type { AboutStore } from './aboutStore.ts';
import { cineScene } from './cineScene.ts';
import type { PlanningStores } from './planningStores.ts';
import type { ScanStore } from './scanStore.ts';
import { sceneOf } from './sceneOf.ts';
import { createViewerSlot, type ViewerSlot } from './viewerSlot.ts';
import type { View } from './viewStore.ts';

export interface ShownSceneParts {
  readonly createViewer: CreateViewer;
  readonly view: View;
  readonly scan: ScanStore;
  readonly regions: Regions;
  readonly review: Review;
  readonly beside: Beside;
  readonly comparison: Comparison;
  readonly planning: Planning;
  readonly landmarks: Landmarks;
  readonly annotations: Annotations;
  readonly phases: Phases;
  readonly device: PlacedDevice;
  readonly cArm: CArm;
  readonly lineCorrection: LineCorrection;
  readonly outlineCorrection: OutlineCorrection;
  readonly slideSection: PlanningStores['slideSection'];
  readonly about: AboutStore;
  readonly alerts: Alerts;
}

/** Connects the viewer to the stores: it shows their state, and what a person does in it changes them. */
export function createShownScene(parts: ShownSceneParts): ViewerSlot {
  const { view, scan, regions, review, beside, comparison, planning, about, alerts } = parts;
  const { landmarks, lineCorrection, outlineCorrection, annotations, device, cArm, phases } = parts;
  const { slideSection } = parts;
  const moveZone = (pointLpsMm: Vec3): void => {
    const { profile } = planning.store.getState();
    const distanceMm = profile && alongLineMm(profile, pointLpsMm);
    if (distanceMm) planning.setLandingZone(distanceMm);
  };
  const events: ViewerEvents = {
    onCrosshair: (crosshairLpsMm) => view.change({ crosshairLpsMm }),
    onWindow: (window) => view.change({ window }),
    onAxes: (axes) => view.change({ axes }),
    onRegion: regions.change,
    onOstiumPlane: (plane, isFinal) => review.movePlane(plane, isFinal),
    onPoint(id, pointLpsMm, isFinal) {
      const linePoint = linePointOf(id);
      const outlinePoint = outlinePointOf(id);
      if (id === ZONE_HANDLE) moveZone(pointLpsMm);
      else if (isLandmark(id)) landmarks.move(id, pointLpsMm, isFinal);
      else if (outlinePoint !== null) outlineCorrection.move(outlinePoint, pointLpsMm, isFinal);
      else if (linePoint !== null) lineCorrection.move(linePoint, pointLpsMm, isFinal);
    },
    onAddPoint(pointLpsMm) {
      if (!outlineCorrection.add(pointLpsMm)) lineCorrection.add(pointLpsMm);
    },
    onRemovePoint(id) {
      const linePoint = linePointOf(id);
      const outlinePoint = outlinePointOf(id);
      if (id === ZONE_HANDLE) planning.setLandingZone(null);
      else if (isLandmark(id)) landmarks.remove(id);
      else if (outlinePoint !== null) outlineCorrection.remove(outlinePoint);
      else if (linePoint !== null) lineCorrection.remove(linePoint);
    },
    onPlace: landmarks.setAt,
    onDevice: device.drag,
    onCArm: cArm.turnTo,
    onStroke: (stroke) => review.stroke(stroke, view.store.getState().brushRadiusMm),
    onAnnotation: annotations.follow,
    onPaneToggle: view.togglePane,
    onScroll: (plane, slices) => plane === 'axial' && slideSection(slices),
  };
  let isForFiles = false;
  const currentScene = (): ViewerScene => {
    const scene = sceneOf({
      view: view.store.getState(),
      scan: scan.getState(),
      region: regions.store.getState(),
      review: review.store.getState(),
      beside: beside.store.getState(),
      comparison: comparison.store.getState(),
      planning: planning.store.getState(),
      landmarks: landmarks.store.getState(),
      annotations: annotations.store.getState(),
      device: device.store.getState(),
      cArm: cArm.store.getState(),
      outline: outlineCorrection.store.getState(),
      language: isForFiles ? 'en' : pageLanguage.getState().language,
    });
    return cineScene(scene, phases.store.getState(), review.store.getState().isVisible);
  };
  const viewer = createViewerSlot(parts.createViewer, events, currentScene(), {
    onGraphics: (graphics) => about.setState({ graphics }),
    onFailure: (reason) => alerts.error(failure('page.images-not-drawn', { reason })),
  });
  const show = (): void => viewer.show(currentScene());
  for (const store of [
    view.store,
    scan,
    regions.store,
    review.store,
    beside.store,
    comparison.store,
    planning.store,
    landmarks.store,
    annotations.store,
    device.store,
    cArm.store,
    outlineCorrection.store,
    phases.store,
  ])
    store.subscribe(show);
  pageLanguage.subscribe(show);
  return {
    ...viewer,
    // Files are English, and so are the pictures in them.
    async pictures(withBanner) {
      isForFiles = true;
      show();
      try {
        return await viewer.pictures(withBanner);
      } finally {
        isForFiles = false;
        show();
      }
    },
  };
}
