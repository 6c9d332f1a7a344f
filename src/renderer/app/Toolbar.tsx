import {
  Box,
  ChevronDown,
  Contrast,
  Crosshair,
  Grid2x2,
  Layers,
  Move,
  Rotate3d,
  RotateCcw,
  Square,
  SunMedium,
  ZoomIn,
} from 'lucide-react';
import { DropdownMenu, Popover, ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../ui/Button.tsx';
import { SliderField } from '../ui/SliderField.tsx';
import { Tip } from '../ui/Tip.tsx';
import type { Layout, Slab, Tool } from '../viewer/types.ts';
import { isStraight, MOST_SLAB_MM, type View, WINDOW_PRESETS } from './workspace/viewStore.ts';

interface ToolChoice {
  readonly tool: Tool;
  readonly label: string;
  readonly keys: string;
  readonly icon: ReactNode;
}

const TOOLS: readonly ToolChoice[] = [
  { tool: 'crosshair', label: 'Crosshair', keys: 'C', icon: <Crosshair size={17} /> },
  { tool: 'window', label: 'Window', keys: 'W', icon: <SunMedium size={17} /> },
  { tool: 'pan', label: 'Pan', keys: 'P', icon: <Move size={17} /> },
  { tool: 'zoom', label: 'Zoom', keys: 'Z', icon: <ZoomIn size={17} /> },
];

const SLAB_MODES: readonly { readonly mode: Slab['mode']; readonly label: string }[] = [
  { mode: 'maximum', label: 'Maximum (MIP)' },
  { mode: 'mean', label: 'Mean' },
  { mode: 'minimum', label: 'Minimum (MinIP)' },
];

const LAYOUTS: readonly { readonly layout: Layout; readonly label: string }[] = [
  { layout: 'quad', label: 'All four' },
  { layout: 'axial', label: 'Axial' },
  { layout: 'coronal', label: 'Coronal' },
  { layout: 'sagittal', label: 'Sagittal' },
  { layout: 'three', label: '3D' },
];

function WindowMenu({ view }: { readonly view: View }) {
  const window = useStore(view.store, (state) => state.window);
  const preset = WINDOW_PRESETS.find(
    ({ centreHu, widthHu }) => centreHu === window.centreHu && widthHu === window.widthHu,
  );
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button className="window-button" aria-label="Window presets" data-testid="window-menu">
          <span className="window-values" data-testid="window-values">
            <span className="toolbar-words">{preset?.name ?? 'Window'}</span>
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
                {name}{' '}
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

function SlabPopover({ view }: { readonly view: View }) {
  const slab = useStore(view.store, (state) => state.slab);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button
          className="slab-button"
          aria-label="Slab"
          aria-pressed={slab.thicknessMm > 0}
          data-testid="slab-button"
        >
          <Layers size={16} />
          {slab.thicknessMm > 0 ? `${slab.thicknessMm} mm` : <span className="toolbar-words">Slab</span>}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover" sideOffset={4} aria-label="Slab" data-testid="slab-popover">
          <SliderField
            label="Thickness of the slab"
            value={slab.thicknessMm}
            least={0}
            most={MOST_SLAB_MM}
            step={1}
            shown={slab.thicknessMm > 0 ? `${slab.thicknessMm} mm` : 'single slices'}
            onChange={(thicknessMm) => view.change({ slab: { ...slab, thicknessMm } })}
            testId="slab-thickness"
          />
          <label className="switch-row">
            Shows
            <select
              className="select"
              value={slab.mode}
              onChange={({ target }) => {
                const chosen = SLAB_MODES.find(({ mode }) => mode === target.value);
                if (chosen) view.change({ slab: { ...slab, mode: chosen.mode } });
              }}
              data-testid="slab-mode"
            >
              {SLAB_MODES.map(({ mode, label }) => (
                <option key={mode} value={mode}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function LayoutMenu({ view }: { readonly view: View }) {
  const layout = useStore(view.store, (state) => state.layout);
  const shown = LAYOUTS.find((choice) => choice.layout === layout);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button className="layout-button" aria-label="Layout" data-testid="layout-menu">
          {layout === 'quad' ? <Grid2x2 size={16} /> : <Square size={16} />}
          <span className="toolbar-words">{shown?.label}</span>
          <ChevronDown size={14} />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" sideOffset={4} align="end">
          {LAYOUTS.map(({ layout: choice, label }) => (
            <DropdownMenu.Item
              key={choice}
              className="menu-item"
              onSelect={() => view.change({ layout: choice })}
              data-testid={`layout-${choice}`}
            >
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ToolbarProps {
  readonly view: View;
  readonly onReset: () => void;
}

/** How to look at the images; tools that change the result are with the result. */
export function Toolbar({ view, onReset }: ToolbarProps) {
  // Parts only: the crosshair moves many times a second.
  const tool = useStore(view.store, (state) => state.tool);
  const window = useStore(view.store, (state) => state.window);
  const axes = useStore(view.store, (state) => state.axes);
  const volumeRendering = useStore(view.store, (state) => state.volumeRendering);
  return (
    <div className="toolbar" role="toolbar" aria-label="Image tools" data-testid="toolbar">
      <ToggleGroup.Root
        className="toggle-group"
        type="single"
        value={tool}
        onValueChange={(value) => {
          const chosen = TOOLS.find((choice) => choice.tool === value);
          if (chosen) view.change({ tool: chosen.tool });
        }}
        aria-label="Left mouse button"
      >
        {TOOLS.map(({ tool: choice, label, keys, icon }) => (
          <Tip key={choice} label={label} keys={keys}>
            {/* The tip sets data-state too; the item's own must win, so it is the inner one. */}
            <span>
              <ToggleGroup.Item
                className="button icon"
                value={choice}
                aria-label={label}
                data-testid={`tool-${choice}`}
              >
                {icon}
              </ToggleGroup.Item>
            </span>
          </Tip>
        ))}
      </ToggleGroup.Root>
      <span className="toolbar-gap" />
      <WindowMenu view={view} />
      <IconButton
        label="Invert"
        keys="I"
        icon={<Contrast size={17} />}
        aria-pressed={window.inverted}
        onClick={view.invert}
        data-testid="invert"
      />
      <SlabPopover view={view} />
      <span className="toolbar-space" />
      <IconButton
        label="Straighten oblique planes"
        icon={<Rotate3d size={17} />}
        disabled={isStraight(axes)}
        onClick={view.straighten}
        data-testid="straighten"
      />
      <IconButton
        label="Volume rendering"
        keys="V"
        icon={<Box size={17} />}
        aria-pressed={volumeRendering}
        onClick={() => view.change({ volumeRendering: !volumeRendering })}
        data-testid="volume-rendering"
      />
      <IconButton
        label="Reset view"
        keys="Space"
        icon={<RotateCcw size={17} />}
        onClick={onReset}
        data-testid="reset-view"
      />
      <LayoutMenu view={view} />
    </div>
  );
}
