import Box from 'lucide-react/icons/box';
import Contrast from 'lucide-react/icons/contrast';
import Crosshair from 'lucide-react/icons/crosshair';
import Move from 'lucide-react/icons/move';
import Rotate3d from 'lucide-react/icons/rotate-3d';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import SunMedium from 'lucide-react/icons/sun-medium';
import ZoomIn from 'lucide-react/icons/zoom-in';
import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui/Button.tsx';
import { Tip } from '../../ui/Tip.tsx';
import type { Tool } from '../../viewer/types.ts';
import { words } from '../../words/index.ts';
import { isStraight, type View } from '../workspace/viewStore.ts';
import { LayoutMenu } from './LayoutMenu.tsx';
import { MeasureMenu } from './MeasureMenu.tsx';
import { SlabModes, SlabPopover } from './SlabPopover.tsx';
import { WindowMenu } from './WindowMenu.tsx';

interface ToolChoice {
  readonly tool: Extract<Tool, 'crosshair' | 'window' | 'pan' | 'zoom'>;
  readonly keys: string;
  readonly icon: ReactNode;
}

const TOOLS: readonly ToolChoice[] = [
  { tool: 'crosshair', keys: 'C', icon: <Crosshair size={17} /> },
  { tool: 'window', keys: 'W', icon: <SunMedium size={17} /> },
  { tool: 'pan', keys: 'P', icon: <Move size={17} /> },
  { tool: 'zoom', keys: 'Z', icon: <ZoomIn size={17} /> },
];

/** What the left mouse button does. */
function ToolChoices({ view }: { readonly view: View }) {
  const tool = useStore(view.store, (state) => state.tool);
  return (
    <ToggleGroup.Root
      className="toggle-group"
      type="single"
      value={tool}
      onValueChange={(value) => {
        const chosen = TOOLS.find((choice) => choice.tool === value);
        if (chosen) view.change({ tool: chosen.tool });
      }}
      aria-label={words().toolbar.leftButton}
    >
      {TOOLS.map(({ tool: choice, keys, icon }) => (
        <Tip key={choice} label={words().toolbar[choice]} keys={keys}>
          {/* The tip sets data-state too; the item's own must win, so it is the inner one. */}
          <span>
            <ToggleGroup.Item
              className="button icon"
              value={choice}
              aria-label={words().toolbar[choice]}
              data-testid={`tool-${choice}`}
            >
              {icon}
            </ToggleGroup.Item>
          </span>
        </Tip>
      ))}
    </ToggleGroup.Root>
  );
}

interface ToolbarProps {
  readonly view: View;
  readonly onReset: () => void;
}

/** Controls of the images; the tools that edit the result are in its panel. */
export function Toolbar({ view, onReset }: ToolbarProps) {
  // Selected parts only: the crosshair moves many times a second.
  const window = useStore(view.store, (state) => state.window);
  const axes = useStore(view.store, (state) => state.axes);
  const volumeRendering = useStore(view.store, (state) => state.volumeRendering);
  return (
    <div className="toolbar" role="toolbar" aria-label={words().toolbar.imageTools} data-testid="toolbar">
      <ToolChoices view={view} />
      <MeasureMenu view={view} />
      <span className="toolbar-gap" />
      <WindowMenu view={view} />
      <IconButton
        label={words().toolbar.invert}
        keys="I"
        icon={<Contrast size={17} />}
        aria-pressed={window.inverted}
        onClick={view.invert}
        data-testid="invert"
      />
      <SlabPopover view={view} />
      <SlabModes view={view} />
      <span className="toolbar-space" />
      <IconButton
        label={words().toolbar.straighten}
        icon={<Rotate3d size={17} />}
        disabled={isStraight(axes)}
        onClick={view.straighten}
        data-testid="straighten"
      />
      <IconButton
        label={words().toolbar.volumeRendering}
        keys="V"
        icon={<Box size={17} />}
        aria-pressed={volumeRendering}
        onClick={() => view.change({ volumeRendering: !volumeRendering })}
        data-testid="volume-rendering"
      />
      <IconButton
        label={words().toolbar.resetView}
        keys={words().toolbar.space}
        icon={<RotateCcw size={17} />}
        onClick={onReset}
        data-testid="reset-view"
      />
      <LayoutMenu view={view} />
    </div>
  );
}
