import ChevronDown from 'lucide-react/icons/chevron-down';
import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import { WINDOW_PRESETS } from '../settings/viewChoices.ts';
import type { View } from '../workspace/viewStore.ts';

/** The window in HU, and presets to choose from. */
export function WindowMenu({ view }: { readonly view: View }) {
  const window = useStore(view.store, (state) => state.window);
  const preset = WINDOW_PRESETS.find(
    ({ centreHu, widthHu }) => centreHu === window.centreHu && widthHu === window.widthHu,
  );
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button className="window-button" aria-label={words().windows.presets} data-testid="window-menu">
          <span className="window-values" data-testid="window-values">
            <span className="toolbar-words">
              {preset ? words().windows[preset.name] : words().toolbar.window}
            </span>
            <span>
              {Math.round(window.widthHu)}/{Math.round(window.centreHu)}
            </span>
          </span>
          <ChevronDown size={14} />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" sideOffset={4} align="start">
          {WINDOW_PRESETS.map(({ key, name, widthHu, centreHu }) => (
            <DropdownMenu.Item key={key} className="menu-item" onSelect={() => view.applyPreset(key)}>
              <span>
                {words().windows[name]}{' '}
                <span className="quiet">
                  {widthHu}/{centreHu}
                </span>
              </span>
              <kbd>{key}</kbd>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
