import LocateFixed from 'lucide-react/icons/locate-fixed';
import Search from 'lucide-react/icons/search';
import { useStore } from 'zustand';
import { confidenceInWords } from '#shared/confidenceInWords.ts';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { words } from '../../words/index.ts';
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
      return words().regionPanel.cancelled;
    case 'undone':
      return words().regionPanel.noBox;
    case undefined:
      return words().regionPanel.notFound;
  }
};

/** What is known of the region, in one sentence. */
export function regionInWords({ status, region, reason }: RegionState): string {
  switch (status) {
    case 'none':
      return words().regionPanel.open;
    case 'searching':
      return words().regionPanel.looking;
    case 'found':
      return region?.confidence == null
        ? words().regionPanel.found
        : words().regionPanel.foundWith(words().recorded(confidenceInWords(region.confidence)));
    case 'placed':
      return words().regionPanel.placed;
    case 'notFound':
      return words().regionPanel.centre(reasonInWords(reason));
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
    <section
      className="panel-section"
      aria-label={words().common.region}
      data-testid="region-panel"
      data-status={status}
    >
      <h2>{words().common.region}</h2>
      <p className="quiet region-words" role="status" data-testid="region-status">
        {regionInWords(state)}
      </p>
      <div className="button-row">
        <Button onClick={onPlaceAtCrosshair} disabled={status === 'none'} data-testid="region-place">
          <LocateFixed size={15} /> {words().regionPanel.place}
        </Button>
        <Button
          onClick={() => onFind?.()}
          disabled={onFind === null || status === 'searching' || status === 'none'}
          data-testid="region-find"
        >
          <Search size={15} /> {words().regionPanel.find}
        </Button>
      </div>
      <SliderField
        label={words().regionPanel.size}
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
        {region ? words().regionPanel.drag : ' '}
      </p>
    </section>
  );
}
