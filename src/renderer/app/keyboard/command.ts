import { isAnnotationKind } from '#shared/contract/annotations.ts';
import type { Tool } from '../../viewer/types.ts';
import { isEditingTool } from '../workspace/viewStore.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type AnnotationCommand, runAnnotationCommand } from './annotationKeys.ts';
import { dabAtCrosshair, moveCrosshair, nudged, type OstiumNudge } from './editByKeys.ts';

/** What a key does. */
export type Command =
  | { readonly kind: 'preset'; readonly key: string }
  | {
      readonly kind: 'tool';
      readonly tool: Tool;
    }
  | { readonly kind: 'scroll'; readonly slices: number }
  | { readonly kind: 'stepPhase'; readonly by: 1 | -1 }
  | { readonly kind: 'brushSize'; readonly steps: number }
  /** In the active plane, mm to the right and down. */
  | { readonly kind: 'moveCrosshair'; readonly rightMm: number; readonly downMm: number }
  | OstiumNudge
  | AnnotationCommand
  | { readonly kind: 'moveDevice'; readonly distalMm: number }
  | { readonly kind: 'tiltDevice'; readonly degrees: readonly [number, number] }
  | {
      readonly kind:
        | 'invert'
        | 'dab'
        | 'reset'
        | 'segment'
        | 'keys'
        | 'cancel'
        | 'undo'
        | 'redo'
        | 'export'
        | 'toggleMesh'
        | 'toggleBefore'
        | 'toggleRendering'
        | 'linkCArm'
        | 'toggleLayout'
        | 'accept'
        | 'playPhases'
        | 'reject';
    };

/** What a command opens on the screen. */
export interface Screen {
  openKeys(): void;
  openExport(): void;
}

/** What changes or judges the work on the loaded scan. */
const ON_LOADED_SCAN: readonly Command['kind'][] = [
  'moveOstium',
  'tiltOstium',
  'moveDevice',
  'tiltDevice',
  'dab',
  'nudgeAnnotation',
  'deleteAnnotation',
  'undo',
  'redo',
  'accept',
  'reject',
];

/** Runs the command of a key. */
export function runCommand(command: Command, workspace: Workspace, screen: Screen): void {
  const { view, review, jobs, viewer, phases } = workspace;
  // While another phase is shown nobody sees what such a key does: the first press brings the loaded scan back.
  if (phases.store.getState().frame && ON_LOADED_SCAN.includes(command.kind)) {
    phases.stop();
    return;
  }
  const result = review.store.getState();
  switch (command.kind) {
    case 'preset':
      view.applyPreset(command.key);
      return;
    case 'tool': {
      if (!isEditingTool(command.tool) || result.current) view.change({ tool: command.tool });
      return;
    }
    case 'scroll': {
      const pane = viewer.viewer()?.activePane();
      if (pane && pane !== 'three') viewer.viewer()?.scroll(pane, command.slices);
      return;
    }
    case 'brushSize':
      view.growBrush(command.steps);
      return;
    case 'moveCrosshair':
      moveCrosshair(workspace, command.rightMm, command.downMm);
      return;
    case 'moveOstium':
    case 'tiltOstium':
      if (result.plane && !result.problem) review.nudgePlane(nudged(result.plane, command));
      return;
    case 'moveDevice':
      workspace.device.nudge(command.distalMm, [0, 0]);
      return;
    case 'tiltDevice':
      workspace.device.nudge(0, command.degrees);
      return;
    case 'dab':
      // The measuring tools draw at the crosshair, too.
      if (isAnnotationKind(view.store.getState().tool)) viewer.viewer()?.placeAnnotation();
      else dabAtCrosshair(workspace);
      return;
    case 'nudgeAnnotation':
    case 'stepHandle':
    case 'deleteAnnotation':
      runAnnotationCommand(command, workspace);
      return;
    case 'playPhases':
      if (workspace.phases.store.getState().phases.length > 0) void workspace.phases.togglePlay();
      return;
    case 'stepPhase':
      if (workspace.phases.store.getState().phases.length > 0) void workspace.phases.step(command.by);
      return;
    case 'invert':
      view.invert();
      return;
    case 'reset':
      view.straighten();
      viewer.viewer()?.resetCameras();
      return;
    case 'segment':
      // With a result under review only the button segments: a key pressed by mistake would replace the work.
      if (!result.current && !jobs.store.getState().jobs.some(({ isBackground }) => !isBackground)) {
        void workspace.segment();
      }
      return;
    case 'keys':
      screen.openKeys();
      return;
    case 'export':
      if (result.current) screen.openExport();
      return;
    case 'cancel':
      if (viewer.viewer()?.cancelAnnotation() || jobs.cancelNewest()) return;
      if (workspace.phases.store.getState().frame) {
        workspace.phases.stop();
        return;
      }
      // Nothing to cancel: back from the tools to the crosshair, then nothing is selected.
      if (view.store.getState().tool === 'crosshair') workspace.annotations.select(null);
      else view.change({ tool: 'crosshair' });
      workspace.landmarks.place(null);
      return;
    case 'undo':
      workspace.undoing.undo();
      return;
    case 'redo':
      workspace.undoing.redo();
      return;
    case 'toggleMesh':
      review.show({ isVisible: !result.isVisible });
      return;
    case 'toggleBefore':
      review.show({ isComparing: !result.isComparing && result.edits.length > 0 });
      return;
    case 'toggleRendering':
      view.change({ volumeRendering: !view.store.getState().volumeRendering });
      return;
    case 'linkCArm': {
      if (!result.current) return;
      const { guide, cArm } = workspace;
      if (guide.store.getState().tab === 'plan') cArm.link(!cArm.store.getState().isLinked);
      else guide.go('cArm');
      return;
    }
    case 'toggleLayout': {
      const pane = viewer.viewer()?.activePane();
      if (view.store.getState().layout !== 'quad') view.change({ layout: 'quad' });
      else if (pane) view.togglePane(pane);
      return;
    }
    case 'accept':
    case 'reject':
      if (result.current && !result.isRemaking) {
        workspace.judge(command.kind === 'accept' ? 'accepted' : 'rejected');
      }
      return;
  }
}
