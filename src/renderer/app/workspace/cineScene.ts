import type { PhasesState } from '../../features/phases/index.ts';
import type { ViewerScene } from '../../viewer/types.ts';
import { wordsIn } from '../../words/index.ts';

/**
 * The scene with a phase of the cine in place of the loaded scan: its images, its contour where it is segmented, and
 * nothing of the work on the loaded one. Window, position, planes and layout stay.
 */
export function cineScene(
  scene: ViewerScene,
  { frame }: Pick<PhasesState, 'frame'>,
  isVisible: boolean,
): ViewerScene {
  if (frame === null) return scene;
  const { appendage } = frame;
  const plane = isVisible ? appendage?.ostiumPlane : null;
  return {
    ...scene,
    volume: frame.volume,
    mesh: appendage && {
      closed: appendage.closed,
      visible: isVisible,
      opacity: scene.mesh?.opacity ?? 1,
      difference: null,
    },
    ostium: appendage && plane ? { plane, rimLpsMm: appendage.rimLpsMm, editable: false } : null,
    region: null,
    reference: null,
    unfilled: null,
    doubt: [],
    beside: [],
    labels: null,
    plan: null,
    device: null,
    points: [],
    annotations: { list: [], selected: null },
    tool: scene.tool === 'window' || scene.tool === 'pan' || scene.tool === 'zoom' ? scene.tool : 'crosshair',
    banner: `${scene.banner} · ${wordsIn(scene.language).panes.averaged(frame.label)}`,
  };
}
