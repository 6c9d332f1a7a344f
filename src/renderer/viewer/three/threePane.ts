import { createPaneElement, type PaneHost, paneSize } from '../pane.ts';
import type { ViewerScene } from '../types.ts';
import { listenToThree } from './threeInput.ts';
import { createThreePainter } from './threePainter.ts';
import { createThreeView } from './threeView.ts';

export interface ThreePane {
  readonly element: HTMLElement;
  follow(scene: ViewerScene): void;
  /** The volume's voxels were changed in place. */
  touchVolume(): void;
  draw(isMoving: boolean): void;
  resetView(): void;
  /** Whether the copy for volume rendering is still being made. */
  isPreparing(): boolean;
  /** The picture and what lies over it, drawn again at once. */
  canvases(): readonly HTMLCanvasElement[];
  dispose(): void;
}

/** The 3D pane: its view state, its painter and its input put together. */
export function createThreePane(host: PaneHost): ThreePane {
  const element = createPaneElement('three');
  const listeners = new AbortController();
  const view = createThreeView(host, () => paneSize(element));
  const painter = createThreePainter(element, host);
  listenToThree(element, view, host, listeners.signal);
  return {
    element,
    follow(scene) {
      view.follow(scene);
      painter.follow(scene);
    },
    touchVolume: painter.touchVolume,
    draw: (isMoving) => painter.draw(view.frame(), isMoving),
    resetView: view.reset,
    isPreparing: painter.isPreparing,
    canvases: () => painter.layers(view.frame()),
    dispose() {
      listeners.abort();
      painter.dispose();
      element.remove();
    },
  };
}
