import type { Workspace } from '../workspace/workspace.ts';
import type { FocusKind, KeyPress } from './keyPress.ts';

/** What a key does to the annotation that is selected. */
export type AnnotationCommand =
  /** In the plane that it is shown in, mm to the right and down. */
  | { readonly kind: 'nudgeAnnotation'; readonly rightMm: number; readonly downMm: number }
  | { readonly kind: 'stepHandle'; readonly by: 1 | -1 }
  | { readonly kind: 'deleteAnnotation' };

const STEP_MM = 0.5;

const ARROWS: Readonly<Record<string, readonly [rightMm: number, downMm: number]>> = {
  ArrowLeft: [-STEP_MM, 0],
  ArrowRight: [STEP_MM, 0],
  ArrowUp: [0, -STEP_MM],
  ArrowDown: [0, STEP_MM],
};

/** The command of a key while an annotation is selected; null where the key means what it always does. */
export function annotationCommandForKey(press: KeyPress, focus: FocusKind): AnnotationCommand | null {
  if (focus === 'text' || press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) return null;
  if (press.key === 'Delete' || press.key === 'Backspace') return { kind: 'deleteAnnotation' };
  if (press.key === '.') return { kind: 'stepHandle', by: 1 };
  if (press.key === ',') return { kind: 'stepHandle', by: -1 };
  const arrow = focus === 'none' ? ARROWS[press.key] : undefined;
  return arrow ? { kind: 'nudgeAnnotation', rightMm: arrow[0], downMm: arrow[1] } : null;
}

/** Where what is selected is not on the screen, arrows do what they do without it. */
function scroll(slot: Workspace['viewer'], slices: number): void {
  const viewer = slot.viewer();
  const pane = viewer?.activePane();
  if (viewer && pane && pane !== 'three' && slices !== 0) viewer.scroll(pane, slices);
}

export function runAnnotationCommand(command: AnnotationCommand, { annotations, viewer }: Workspace): void {
  const { selected } = annotations.store.getState();
  if (!selected) return;
  switch (command.kind) {
    case 'nudgeAnnotation':
      if (viewer.viewer()?.nudgeAnnotation(command.rightMm, command.downMm)) annotations.finishSoon();
      else scroll(viewer, -Math.sign(command.downMm));
      return;
    case 'stepHandle':
      annotations.stepHandle(command.by);
      return;
    case 'deleteAnnotation':
      annotations.remove(selected.id);
      return;
  }
}
