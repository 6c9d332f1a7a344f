import { STRAIGHT_AXES } from '../obliqueAxes.ts';
import type { PaneHost } from '../pane.ts';
import type { ViewerScene } from '../types.ts';

/** A scene with a volume of 10 × 10 × 10 voxels of 10 mm, centred on the origin; nothing else in it. */
export const EXAMPLE_SCENE: ViewerScene = {
  volume: {
    grid: {
      sizeIjk: [10, 10, 10],
      spacingMm: [10, 10, 10],
      originLpsMm: [-45, -45, -45],
      directions: STRAIGHT_AXES,
    },
    data: new Int16Array(1000),
  },
  layout: 'quad',
  window: { centreHu: 250, widthHu: 800, inverted: false },
  slab: { thicknessMm: 0, mode: 'maximum' },
  crosshairLpsMm: [0, 0, 0],
  axes: STRAIGHT_AXES,
  tool: 'crosshair',
  brushRadiusMm: 3,
  region: null,
  mesh: null,
  reference: null,
  unfilled: null,
  doubt: [],
  beside: [],
  plan: null,
  device: null,
  points: [],
  isPlacing: false,
  annotations: { list: [], selected: null },
  cArm: null,
  labels: null,
  ostium: null,
  volumeRendering: false,
  banner: '',
  language: 'en',
};

/** The example scene's host, without a screen: it draws nothing, and its scene changes when a test says so. */
export function createExampleHost(): PaneHost & { change(parts: Partial<ViewerScene>): void } {
  let scene = EXAMPLE_SCENE;
  const ignore = (): void => {};
  return {
    scene: () => scene,
    change(parts) {
      scene = { ...scene, ...parts };
    },
    crosshairLpsMm: () => scene.crosshairLpsMm,
    proposeCrosshair: ignore,
    requestDraw: ignore,
    keepMoving: ignore,
    setActive: ignore,
    graphics: { name: 'none', isSoftware: true, hasWebGl2: false, largestTextureSide: 0 },
    events: {
      onCrosshair: ignore,
      onWindow: ignore,
      onAxes: ignore,
      onRegion: ignore,
      onOstiumPlane: ignore,
      onPoint: ignore,
      onPlace: ignore,
      onDevice: ignore,
      onCArm: ignore,
      onAddPoint: ignore,
      onRemovePoint: ignore,
      onStroke: ignore,
      onAnnotation: ignore,
      onPaneToggle: ignore,
      onScroll: () => false,
    },
  };
}
