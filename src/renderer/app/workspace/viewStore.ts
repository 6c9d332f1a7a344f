import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Settings } from '#shared/contract/services/app.ts';
import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import { addScaled, cross, dot, normalize, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type {
  HuWindow,
  Layout,
  PaneName,
  Slab,
  Tool,
  ViewedVolume,
  ViewerScene,
} from '../../viewer/types.ts';
import { WINDOW_PRESETS } from '../settings/viewChoices.ts';

/** How the scan is viewed: the part of the viewer's scene that is no data. */
export interface ViewState {
  readonly layout: Layout;
  readonly window: HuWindow;
  readonly slab: Slab;
  readonly crosshairLpsMm: Vec3;
  readonly axes: ViewerScene['axes'];
  readonly tool: Tool;
  readonly brushRadiusMm: number;
  readonly volumeRendering: boolean;
}

const ANGIOGRAPHY = WINDOW_PRESETS[2]!;

export const STRAIGHT: ViewerScene['axes'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

export const BRUSH_RADII_MM = { least: 0.5, most: 15, step: 0.5 } as const;
export const MOST_SLAB_MM = 40;

const initialView = (): ViewState => ({
  layout: 'quad',
  window: { centreHu: ANGIOGRAPHY.centreHu, widthHu: ANGIOGRAPHY.widthHu, inverted: false },
  slab: { thicknessMm: 0, mode: 'maximum' },
  crosshairLpsMm: [0, 0, 0],
  axes: STRAIGHT,
  tool: 'crosshair',
  brushRadiusMm: 3,
  volumeRendering: false,
});

export interface View {
  readonly store: StoreApi<ViewState>;
  change(parts: Partial<ViewState>): void;
  /** Resets the view for another volume, with the crosshair in its middle; layout and window stay. */
  startOn(volume: ViewedVolume): void;
  applyPreset(key: string): void;
  /** Window and layout as a person wants them at the start. */
  begin(first: Settings['firstView']): void;
  invert(): void;
  /** Straight planes; the window and the layout stay. */
  straighten(): void;
  /** Shows a pane alone, or all of them again. */
  togglePane(pane: PaneName): void;
  growBrush(steps: number): void;
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

export const isStraight = (axes: ViewerScene['axes']): boolean =>
  axes.every((axis, at) => Math.abs(axis[at]! - 1) < 1e-6);

/**
 * Axes whose axial pane is perpendicular to a direction, on the side that the pane is seen from now; its picture turns
 * as little as it can.
 */
export function perpendicularAxes(directionLps: Vec3, now: ViewerScene['axes']): ViewerScene['axes'] {
  const towards = normalize(directionLps);
  const third = dot(towards, now[2]) < 0 ? scale(towards, -1) : towards;
  const reference: Vec3 = Math.abs(third[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const first = normalize(addScaled(reference, third, -dot(reference, third)));
  return [first, cross(third, first), third];
}

export const isEditingTool = (tool: Tool): tool is 'brush' | 'eraser' | 'scissors' =>
  tool === 'brush' || tool === 'eraser' || tool === 'scissors';

export function createView(): View {
  const store = createStore<ViewState>(initialView);
  const applyPreset = (key: string): void => {
    const preset = WINDOW_PRESETS.find((candidate) => candidate.key === key);
    if (!preset) return;
    const { centreHu, widthHu } = preset;
    store.setState(({ window }) => ({ window: { ...window, centreHu, widthHu } }));
  };
  return {
    store,
    applyPreset,
    begin({ window, layout }) {
      applyPreset(window);
      store.setState({ layout });
    },
    change: (parts) => store.setState(parts),
    startOn: (volume) =>
      store.setState(({ layout, window }) => ({
        ...initialView(),
        layout,
        window,
        crosshairLpsMm: gridCentreLps(volume.grid),
      })),
    invert: () => store.setState(({ window }) => ({ window: { ...window, inverted: !window.inverted } })),
    straighten: () => store.setState({ axes: STRAIGHT }),
    togglePane: (pane) => store.setState(({ layout }) => ({ layout: layout === pane ? 'quad' : pane })),
    growBrush: (steps) =>
      store.setState(({ brushRadiusMm }) => ({
        brushRadiusMm: clamp(
          brushRadiusMm + steps * BRUSH_RADII_MM.step,
          BRUSH_RADII_MM.least,
          BRUSH_RADII_MM.most,
        ),
      })),
  };
}
