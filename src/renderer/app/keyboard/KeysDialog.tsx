import { Dialog } from '../../ui/Dialog.tsx';

const KEY_HELP: readonly {
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
      ['Two fingers', 'Zoom and pan'],
      ['V', 'Volume rendering'],
      ['/', 'Play or pause the heart phases'],
      ['Home, End', 'Previous, next heart phase'],
      ['L or double click', 'One pane, all panes'],
    ],
  },
  {
    title: 'Tools',
    keys: [
      ['C W P Z', 'Crosshair, window, pan, zoom'],
      ['B E X', 'Brush, eraser, scissors'],
      ['[ ]', 'Smaller, larger brush'],
      ['D', 'Paint, erase or draw at the crosshair'],
      ['− Y Q G T', 'Ruler, angle, ellipse, free region, text'],
      [', .', 'Earlier, next handle of what is selected'],
      ['← → ↑ ↓', 'Move the selected handle'],
      ['Delete', 'Delete what is selected'],
      ['Shift+← → ↑ ↓', 'Move the crosshair in the plane'],
      ['N F', 'Ostial plane towards the atrium, distal'],
      ['H K U J', 'Tilt the ostial plane'],
      ['< >', 'Virtual device towards the atrium, distal'],
      ['7 8 9 0', 'Tilt the virtual device'],
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

/** What the keys and the mouse do, in groups; `keyMap.ts` is what they do. */
export function KeysDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard and mouse" isOpen={isOpen} onClose={onClose} testId="keys-dialog">
      <div className="keys-grid">
        {KEY_HELP.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl className="keys">
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
