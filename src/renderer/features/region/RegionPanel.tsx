import { LocateFixed, Search } from 'lucide-react';
import { useStore } from 'zustand';
import { confidenceInWords } from '#shared/confidenceInWords.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { EDGE_RANGE_MM, type NoBoxReason, type RegionState, type Regions } from './regionStore.ts';

interface RegionPanelProps {
  readonly regions: Regions;
  readonly onPlaceAtCrosshair: () => void;
  /** Null while there is no whole scan to look in. */
  readonly onFind: (() => void) | null;
}

const reasonInWords = (reason: NoBoxReason | null): string => {
  switch (reason?.kind) {
    case 'failed':
      return words().sentence(reason.failure);
    case 'cancelled':
      return 'The search was cancelled.';
    case 'undone':
      return 'No box is placed.';
    case undefined:
      return 'Appendage not found.';
  }
};

/** What is known of the region, in one sentence. */
export function regionInWords({ status, region, reason }: RegionState): string {
  switch (status) {
    case 'none':
      return 'Open a scan to begin.';
    case 'searching':
      return 'Looking for the appendage…';
    case 'found':
      return region?.confidence == null
        ? 'Found automatically.'
        : `Found automatically, confidence ${confidenceInWords(region.confidence)}.`;
    case 'placed':
      return 'Placed, not found automatically.';
    case 'notFound':
      return `${reasonInWords(reason)} Centre the crosshair on the appendage and place the box there.`;
  }
}

/** The box that is segmented: its state, size and place. */
export function RegionPanel({ regions, onPlaceAtCrosshair, onFind }: RegionPanelProps) {
  const state = useStore(regions.store);
  const { status, region } = state;
  const resize = (edgeMm: number, isFinal: boolean): void => {
    if (region) regions.change({ centreLpsMm: region.centreLpsMm, edgeMm }, isFinal);
  };
  return (
    <section className="panel-section" aria-label="Region" data-testid="region-panel" data-status={status}>
      <h2>Region</h2>
      <p className="quiet region-words" role="status" data-testid="region-status">
        {regionInWords(state)}
      </p>
      <div className="button-row">
        <Button onClick={onPlaceAtCrosshair} disabled={status === 'none'} data-testid="region-place">
          <LocateFixed size={15} /> Place at crosshair
        </Button>
        <Button
          onClick={() => onFind?.()}
          disabled={onFind === null || status === 'searching' || status === 'none'}
          data-testid="region-find"
        >
          <Search size={15} /> Find again
        </Button>
      </div>
      <SliderField
        label="Box size"
        value={region?.edgeMm ?? EDGE_RANGE_MM.least}
        least={EDGE_RANGE_MM.least}
        most={EDGE_RANGE_MM.most}
        step={1}
        shown={region ? `${Math.round(region.edgeMm)} mm` : '—'}
        isDisabled={!region}
        onChange={(edgeMm) => resize(edgeMm, false)}
        onCommit={(edgeMm) => resize(edgeMm, true)}
        testId="region-edge"
      />
      <p className="quiet" data-testid="region-hint">
        {region ? 'Drag an edge of the box to move it, a corner to resize it.' : ' '}
      </p>
    </section>
  );
}
