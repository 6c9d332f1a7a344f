import { deviceRatio } from './pane.ts';
import type { PlaneFrame } from './planeFrame.ts';
import type { ViewerScene } from './types.ts';

/** What a pane's canvas shows: panes are asked to draw far more often than anything changes in them. */
export interface DrawnState {
  /**
   * Whether any of it is another than at the last call. Parts of the scene are compared by identity, as they are never
   * changed in place; voxels and labels are, and whoever draws them knows.
   * @param rest what else is drawn, by its values
   */
  differs(scene: ViewerScene, frame: PlaneFrame, rest?: unknown): boolean;
  /** The canvas has lost what was drawn. */
  forget(): void;
}

export function createDrawnState(): DrawnState {
  let drawn: { readonly scene: ViewerScene; readonly key: string } | null = null;
  return {
    differs(scene, frame, rest) {
      const before = drawn;
      drawn = { scene, key: JSON.stringify([deviceRatio(), frame, rest]) };
      if (!before || before.key !== drawn.key) return true;
      const names = new Set([...Object.keys(scene), ...Object.keys(before.scene)]) as Set<keyof ViewerScene>;
      return [...names].some((name) => scene[name] !== before.scene[name]);
    },
    forget() {
      drawn = null;
    },
  };
}
