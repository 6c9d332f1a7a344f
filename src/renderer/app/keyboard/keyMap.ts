import {
  CHANGEABLE_KEYS,
  type ChangedKeys,
  type KeyAction,
  pageKeys,
  USUAL_KEYS,
  usualKey,
} from '../../ui/pageKeys.ts';
import type { Command } from './command.ts';
import type { FocusKind, KeyPress } from './keyPress.ts';

/** Actions that are tools: their keys choose them. */
const TOOLS = [
  'crosshair',
  'window',
  'pan',
  'zoom',
  'brush',
  'eraser',
  'scissors',
  'ruler',
  'angle',
  'ellipse',
  'freehand',
  'text',
] as const satisfies readonly KeyAction[];

/** The tool of a usual key; undefined where it has another action, or none. */
function toolOf(key: string): (typeof TOOLS)[number] | undefined {
  const usual = USUAL_KEYS.find((one) => one === key);
  return usual && TOOLS.find((tool) => tool === CHANGEABLE_KEYS[usual]);
}

/** Buttons and sliders use these keys themselves. */
const CONTROL_KEYS = ['Enter', ' ', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];

const withModifier = (key: string, shiftKey: boolean): Command | null => {
  switch (key) {
    case 'z':
      return { kind: shiftKey ? 'redo' : 'undo' };
    case 'y':
      return { kind: 'redo' };
    case 's':
      return { kind: 'export' };
    default:
      return null;
  }
};

const plain = (key: string): Command | null => {
  if (key >= '1' && key <= '5' && key.length === 1) return { kind: 'preset', key };
  const tool = toolOf(key);
  if (tool) return { kind: 'tool', tool };
  switch (key) {
    case 'Enter':
    case 's':
      return { kind: 'segment' };
    case ' ':
      return { kind: 'reset' };
    case 'ArrowUp':
      return { kind: 'scroll', slices: 1 };
    case 'ArrowDown':
      return { kind: 'scroll', slices: -1 };
    case '/':
      return { kind: 'playPhases' };
    case 'Home':
      return { kind: 'stepPhase', by: -1 };
    case 'End':
      return { kind: 'stepPhase', by: 1 };
    case 'PageUp':
      return { kind: 'scroll', slices: 10 };
    case 'PageDown':
      return { kind: 'scroll', slices: -10 };
    case '[':
      return { kind: 'brushSize', steps: -1 };
    case ']':
      return { kind: 'brushSize', steps: 1 };
    case 'd':
      return { kind: 'dab' };
    case 'i':
      return { kind: 'invert' };
    case 'm':
      return { kind: 'toggleMesh' };
    case 'o':
      return { kind: 'toggleBefore' };
    case 'v':
      return { kind: 'toggleRendering' };
    case '6':
      return { kind: 'linkCArm' };
    case 'l':
      return { kind: 'toggleLayout' };
    case 'a':
      return { kind: 'accept' };
    case 'r':
      return { kind: 'reject' };
    case '?':
      return { kind: 'keys' };
    default:
      return null;
  }
};

const ARROWS: Readonly<Record<string, readonly [rightMm: number, downMm: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Each press of a key for the ostium's plane. */
const OSTIUM_STEP_MM = 0.5;
const OSTIUM_STEP_DEGREES = 2;

/** Keys of the ostium's plane: nearer to the atrium, farther, and tilted by a cluster like the arrows. */
const ostiumCommand = (key: string): Command | null => {
  switch (key) {
    case 'n':
      return { kind: 'moveOstium', distalMm: -OSTIUM_STEP_MM };
    case 'f':
      return { kind: 'moveOstium', distalMm: OSTIUM_STEP_MM };
    case 'h':
      return { kind: 'tiltOstium', about: 'superior', degrees: -OSTIUM_STEP_DEGREES };
    case 'k':
      return { kind: 'tiltOstium', about: 'superior', degrees: OSTIUM_STEP_DEGREES };
    case 'u':
      return { kind: 'tiltOstium', about: 'left', degrees: -OSTIUM_STEP_DEGREES };
    case 'j':
      return { kind: 'tiltOstium', about: 'left', degrees: OSTIUM_STEP_DEGREES };
    default:
      return null;
  }
};

/** Each press of a key for the virtual device. */
const DEVICE_STEP_MM = 0.5;
const DEVICE_STEP_DEGREES = 2;

/** Keys of the virtual device: towards the atrium, distally, and tilted each way. */
const deviceCommand = (key: string): Command | null => {
  switch (key) {
    case '<':
      return { kind: 'moveDevice', distalMm: -DEVICE_STEP_MM };
    case '>':
      return { kind: 'moveDevice', distalMm: DEVICE_STEP_MM };
    case '8':
      return { kind: 'tiltDevice', degrees: [DEVICE_STEP_DEGREES, 0] };
    case '7':
      return { kind: 'tiltDevice', degrees: [-DEVICE_STEP_DEGREES, 0] };
    case '9':
      return { kind: 'tiltDevice', degrees: [0, -DEVICE_STEP_DEGREES] };
    case '0':
      return { kind: 'tiltDevice', degrees: [0, DEVICE_STEP_DEGREES] };
    default:
      return null;
  }
};

/**
 * The command of a key, null where the key belongs to what has the focus. Esc always cancels.
 * @param changed the keys that a person changed
 */
export function commandForKey(
  press: KeyPress,
  focus: FocusKind,
  changed: ChangedKeys = pageKeys.getState().changed,
): Command | null {
  if (press.key === 'Escape') return { kind: 'cancel' };
  if (focus === 'text' || press.altKey) return null;
  const pressed = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.ctrlKey || press.metaKey) return withModifier(pressed, press.shiftKey);
  const key = usualKey(pressed, changed);
  if (key === null) return null;
  if (focus === 'control' && CONTROL_KEYS.includes(key)) return null;
  const arrow = press.shiftKey ? ARROWS[key] : undefined;
  if (arrow)
    return focus === 'control' ? null : { kind: 'moveCrosshair', rightMm: arrow[0], downMm: arrow[1] };
  return plain(key) ?? ostiumCommand(key) ?? deviceCommand(key);
}
