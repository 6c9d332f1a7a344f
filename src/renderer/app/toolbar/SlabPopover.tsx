import Layers from 'lucide-react/icons/layers';
import { Popover, ToggleGroup } from 'radix-ui';
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import type { Slab } from '../../viewer/types.ts';
import { words } from '../../words/index.ts';
import { MOST_SLAB_MM, type View } from '../workspace/viewStore.ts';

const SLAB_MODES: readonly {
  readonly mode: Slab['mode'];
}[] = [{ mode: 'maximum' }, { mode: 'mean' }, { mode: 'minimum' }];

/** Of a projection that is chosen while single slices are shown. */
const USUAL_THICKNESS_MM = 10;

/** The projections side by side; the chosen one again shows single slices. */
export function SlabModes({ view }: { readonly view: View }) {
  const slab = useStore(view.store, (state) => state.slab);
  const shown = slab.thicknessMm > 0 ? slab.mode : '';
  const choose = (value: string): void => {
    const chosen = SLAB_MODES.find(({ mode }) => mode === value);
    const thicknessMm = chosen ? slab.thicknessMm || USUAL_THICKNESS_MM : 0;
    view.change({ slab: { thicknessMm, mode: chosen?.mode ?? slab.mode } });
  };
  return (
    <ToggleGroup.Root
      className="toggle-group slab-modes"
      type="single"
      value={shown}
      onValueChange={choose}
      aria-label={words().slab.projection}
    >
      {SLAB_MODES.map(({ mode }) => (
        <ToggleGroup.Item
          key={mode}
          className="button"
          value={mode}
          aria-label={words().slab[mode]}
          data-testid={`slab-${mode}`}
        >
          {words().slabShort[mode]}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

/** How thick a slab the planes show, and which of its values. */
export function SlabPopover({ view }: { readonly view: View }) {
  const slab = useStore(view.store, (state) => state.slab);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button
          className="slab-button"
          aria-label={words().slab.slab}
          aria-pressed={slab.thicknessMm > 0}
          data-testid="slab-button"
        >
          <Layers size={16} />
          {slab.thicknessMm > 0 ? (
            `${slab.thicknessMm} mm`
          ) : (
            <span className="toolbar-words">{words().slab.slab}</span>
          )}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover"
          sideOffset={4}
          aria-label={words().slab.slab}
          data-testid="slab-popover"
        >
          <SliderField
            label={words().slab.thickness}
            value={slab.thicknessMm}
            least={0}
            most={MOST_SLAB_MM}
            step={1}
            shown={slab.thicknessMm > 0 ? `${slab.thicknessMm} mm` : words().slab.single}
            onChange={(thicknessMm) => view.change({ slab: { ...slab, thicknessMm } })}
            testId="slab-thickness"
          />
          <label className="switch-row">
            {words().slab.projection}
            <select
              className="select"
              value={slab.mode}
              onChange={({ target }) => {
                const chosen = SLAB_MODES.find(({ mode }) => mode === target.value);
                if (chosen) view.change({ slab: { ...slab, mode: chosen.mode } });
              }}
              data-testid="slab-mode"
            >
              {SLAB_MODES.map(({ mode }) => (
                <option key={mode} value={mode}>
                  {words().slab[mode]}
                </option>
              ))}
            </select>
          </label>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
