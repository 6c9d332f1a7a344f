import Trash2 from 'lucide-react/icons/trash-2';
import { useStore } from 'zustand';
import type { ReceivedSeries } from '#shared/contract/services/receiving.ts';
import { IconButton } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { ReceivedStudies } from './receivingStore.ts';
import { dateInWords, personInWords } from './remoteInWords.ts';

interface ReceivedListProps {
  readonly received: ReceivedStudies;
  readonly onOpen: (seriesUid: string) => void;
}

/** The series that other nodes have sent. */
export function ReceivedList({ received, onOpen }: ReceivedListProps) {
  const { state } = useStore(received.store);
  if (state === null || (state.series.length === 0 && state.address === null)) return null;
  return (
    <section aria-label={words().servers.received} data-testid="received">
      <h3>
        {words().servers.received}{' '}
        {state.address === null ? (
          ''
        ) : (
          <span className="quiet selectable">{words().servers.receivedAs(state.address)}</span>
        )}
      </h3>
      {state.series.length === 0 ? <p className="quiet">{words().servers.nothingYet}</p> : null}
      <ul className="server-list">
        {state.series.map((one) => (
          <li key={one.seriesUid} className="received-item">
            <button
              type="button"
              className="button plain server-row"
              onClick={() => onOpen(one.seriesUid)}
              data-testid="received-series"
            >
              <span className="server-name">{personInWords(one.patientName)}</span>
              <span className="quiet">{details(one)}</span>
            </button>
            <IconButton
              variant="plain"
              label={words().servers.removeReceived(one.description || personInWords(one.patientName))}
              icon={<Trash2 size={15} />}
              onClick={() => void received.remove(one.seriesUid)}
              data-testid="received-remove"
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

const details = ({ modality, date, description, imageCount }: ReceivedSeries): string =>
  [dateInWords(date), modality, description, words().servers.images(imageCount)].filter(Boolean).join(' · ');
