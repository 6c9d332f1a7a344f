/** What a key asks for. */
export type Command =
  | { readonly kind: 'preset'; readonly key: string }
  | {
      readonly kind: 'tool';
      readonly tool: 'crosshair' | 'window' | 'pan' | 'zoom' | 'brush' | 'eraser' | 'scissors';
    }
  | { readonly kind: 'scroll'; readonly slices: number }
  | { readonly kind: 'brushSize'; readonly steps: number }
  | {
      readonly kind:
        | 'invert'
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
        | 'toggleLayout'
        | 'accept'
        | 'reject';
    };

/** The part of a keyboard event that decides. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** What has the focus: a field that takes text, a control with keys of its own, or nothing of the kind. */
export type FocusKind = 'text' | 'control' | 'none';

const TOOL_KEYS = {
  c: 'crosshair',
  w: 'window',
  p: 'pan',
  z: 'zoom',
  b: 'brush',
  e: 'eraser',
  x: 'scissors',
} as const;

const isToolKey = (key: string): key is keyof typeof TOOL_KEYS => key in TOOL_KEYS;

/** Controls move by these keys themselves. */
const CONTROL_KEYS = ['Enter', ' ', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'];

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
  if (isToolKey(key)) return { kind: 'tool', tool: TOOL_KEYS[key] };
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
    case 'PageUp':
      return { kind: 'scroll', slices: 10 };
    case 'PageDown':
      return { kind: 'scroll', slices: -10 };
    case '[':
      return { kind: 'brushSize', steps: -1 };
    case ']':
      return { kind: 'brushSize', steps: 1 };
    case 'i':
      return { kind: 'invert' };
    case 'm':
      return { kind: 'toggleMesh' };
    case 'o':
      return { kind: 'toggleBefore' };
    case 'v':
      return { kind: 'toggleRendering' };
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

/** The command of a key, null where the key belongs to what has the focus. Esc always cancels. */
export function commandForKey(press: KeyPress, focus: FocusKind): Command | null {
  if (press.key === 'Escape') return { kind: 'cancel' };
  if (focus === 'text' || press.altKey) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.ctrlKey || press.metaKey) return withModifier(key, press.shiftKey);
  if (focus === 'control' && CONTROL_KEYS.includes(key)) return null;
  return plain(key);
}

/** The keys dialog, in groups. */
export const KEY_HELP: readonly {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, does: string])[];
}[] = [
  {
    title: 'Appendage',
    keys: [
      ['Enter or S', 'Segment appendage'],
      ['M', 'Show or hide the surface'],
      ['O', 'Compare with the original'],
      ['A / R', 'Accept / reject'],
      ['Ctrl+S', 'Export'],
    ],
  },
  {
    title: 'Image',
    keys: [
      ['1 – 5', 'Window: soft tissue, lung, angiography, bone, brain'],
      ['I', 'Invert'],
      ['Space', 'Reset view'],
      ['Wheel, ↑ ↓, Page', 'Scroll'],
      ['Ctrl+wheel', 'Zoom'],
      ['Right drag', 'Window'],
      ['Middle drag', 'Pan'],
      ['Drag a line’s knob', 'Turn the planes'],
      ['V', 'Volume rendering'],
      ['L or double click', 'One pane, all panes'],
    ],
  },
  {
    title: 'Tools',
    keys: [
      ['C W P Z', 'Crosshair, window, pan, zoom'],
      ['B E X', 'Brush, eraser, scissors'],
      ['[ ]', 'Smaller, larger brush'],
    ],
  },
  {
    title: 'Anywhere',
    keys: [
      ['Ctrl+O', 'Open folder'],
      ['Ctrl+Shift+O', 'Open files or a ZIP'],
      ['Ctrl+Z', 'Undo'],
      ['Ctrl+Shift+Z', 'Redo'],
      ['Esc', 'Cancel'],
      ['?', 'These keys'],
    ],
  },
];
