import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import type { ViewedVolume } from '../types.ts';
import { beginRenderingCopy, partAround } from './renderingCopy.ts';
import { RENDERED_EDGE_MM } from './subject.ts';
import type { ThreeScene } from './threeScene.ts';

/** How long the copying may block the page at a time. */
const SLICE_BUDGET_MS = 12;
/** A focus that moves less than this, mm, needs no new copy. */
const FOCUS_STEP_MM = 10;

/** The rendered volume. Its thinned copy is made in short slices of time, so that the planes stay responsive. */
export interface RenderedVolume {
  /** Shows a volume, only the surroundings of `focusLpsMm` where that is given. */
  show(volume: ViewedVolume | null, focusLpsMm: Vec3 | null): void;
  /** The voxels changed in place. */
  touch(): void;
  isShown(): boolean;
  isPreparing(): boolean;
  dispose(): void;
}

export function createRenderedVolume(
  three: ThreeScene,
  largestSide: number,
  onReady: () => void,
): RenderedVolume {
  let wanted: ViewedVolume | null = null;
  let focus: Vec3 | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isShown = false;

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  function prepare(volume: ViewedVolume): void {
    stop();
    const part = focus
      ? partAround(volume.grid, focus, RENDERED_EDGE_MM / 2)
      : { grid: volume.grid, firstIjk: [0, 0, 0] as const };
    const { copy, step } = beginRenderingCopy(volume, part, largestSide);
    const work = (): void => {
      const until = performance.now() + SLICE_BUDGET_MS;
      let goesOn = true;
      while (goesOn && performance.now() < until) goesOn = step();
      if (goesOn) {
        timer = setTimeout(work);
        return;
      }
      timer = null;
      isShown = true;
      three.setVolume(copy);
      onReady();
    };
    timer = setTimeout(work);
  }

  return {
    show(volume, focusLpsMm) {
      const isNear = focus && focusLpsMm ? distance(focus, focusLpsMm) < FOCUS_STEP_MM : focus === focusLpsMm;
      if (volume === wanted && (isNear || !volume)) return;
      wanted = volume;
      focus = focusLpsMm;
      if (volume) {
        prepare(volume);
        return;
      }
      stop();
      isShown = false;
      three.setVolume(null);
    },
    touch() {
      if (wanted) prepare(wanted);
    },
    isShown: () => isShown,
    isPreparing: () => timer !== null,
    dispose: stop,
  };
}
