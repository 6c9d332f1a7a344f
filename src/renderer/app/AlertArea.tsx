import CircleAlert from 'lucide-react/icons/circle-alert';
import Info from 'lucide-react/icons/info';
import X from 'lucide-react/icons/x';
import { useStore } from 'zustand';
import type { Alerts } from '../jobs/alertStore.ts';
import { shortenWords } from '../ui/valuesInWords.ts';
import { words } from '../words/index.ts';

/** Alerts over the lower edge of the images: they move nothing and block nothing. */
export function AlertArea({ alerts }: { readonly alerts: Alerts }) {
  const { alerts: shown } = useStore(alerts.store);
  return (
    <div className="alerts" aria-live="polite" data-testid="alerts">
      {shown.map(({ id, kind, message }) => (
        <div
          key={id}
          className={`alert ${kind}`}
          role={kind === 'error' ? 'alert' : 'status'}
          data-testid="alert"
        >
          {kind === 'error' ? <CircleAlert size={16} /> : <Info size={16} />}
          <p className="selectable" title={message}>
            {shortenWords(message)}
          </p>
          <button
            type="button"
            className="button icon plain"
            aria-label={words().alerts.dismiss}
            onClick={() => alerts.dismiss(id)}
          >
            <X size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
