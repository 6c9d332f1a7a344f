import ChevronDown from 'lucide-react/icons/chevron-down';
import Grid2x2 from 'lucide-react/icons/grid-2x2';
import Square from 'lucide-react/icons/square';
import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import { LAYOUTS } from '../settings/viewChoices.ts';
import type { View } from '../workspace/viewStore.ts';

/** All panes, or one of them alone. */
export function LayoutMenu({ view }: { readonly view: View }) {
  const layout = useStore(view.store, (state) => state.layout);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button className="layout-button" aria-label={words().toolbar.layout} data-testid="layout-menu">
          {layout === 'quad' ? <Grid2x2 size={16} /> : <Square size={16} />}
          <span className="toolbar-words">{words().layouts[layout]}</span>
          <ChevronDown size={14} />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" sideOffset={4} align="end">
          {LAYOUTS.map((choice) => (
            <DropdownMenu.Item
              key={choice}
              className="menu-item"
              onSelect={() => view.change({ layout: choice })}
              data-testid={`layout-${choice}`}
            >
              {words().layouts[choice]}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
