import { type FormEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ReceivingSettings as Settings } from '#shared/contract/services/receiving.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
import type { ReceivedStudies } from './receivingStore.ts';
import { TextField } from './TextField.tsx';
import { CaField } from './TrustFields.tsx';

/** Auricle as a classic node that others send to; off unless a person turns it on. */
export function ReceivingSettings({ received }: { readonly received: ReceivedStudies }) {
  const { state, problem } = useStore(received.store);
  const [edited, setEdited] = useState<Settings | null>(null);
  useEffect(() => void received.refresh(), [received]);
  if (state === null) return null;
  const { settings, address } = state;
  const why = problem ?? state.problem;
  const turn = (isOn: boolean): void => void received.configure({ ...settings, isOn });
  return (
    <section className="models" aria-label="Receiving studies" data-testid="settings-receiving">
      <h3>Receiving studies</h3>
      <div className="server-setting">
        <span role="status" data-testid="receiving-address">
          {address === null ? (
            'Off: no other machine can send to Auricle.'
          ) : (
            <>
              On, as <span className="selectable">{address}</span>
              {settings.isEncrypted ? ' (TLS)' : ''}
            </>
          )}
        </span>
        <span className="server-buttons">
          {settings.isOn ? (
            <Button onClick={() => turn(false)} data-testid="receiving-off">
              Turn off
            </Button>
          ) : null}
          <Button onClick={() => setEdited({ ...settings, isOn: true })} data-testid="receiving-change">
            {settings.isOn ? 'Change…' : 'Turn on…'}
          </Button>
        </span>
      </div>
      {edited === null ? null : (
        <ReceivingForm
          settings={edited}
          onCancel={() => setEdited(null)}
          onKeep={async (next) => {
            if (await received.configure(next)) setEdited(null);
          }}
        />
      )}
      {why ? (
        <p role="alert" data-testid="receiving-problem">
          {words().sentence(why)}
        </p>
      ) : null}
      <OwnCertificate received={received} />
    </section>
  );
}

interface ReceivingFormProps {
  readonly settings: Settings;
  readonly onCancel: () => void;
  readonly onKeep: (settings: Settings) => void;
}

function ReceivingForm({ settings, onCancel, onKeep }: ReceivingFormProps) {
  const [edited, setEdited] = useState(settings);
  const [port, setPort] = useState(String(settings.port));
  const [titles, setTitles] = useState(settings.allowedAeTitles.join(', '));
  const change = (parts: Partial<Settings>): void => setEdited({ ...edited, ...parts });
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  const keep = (event: FormEvent): void => {
    event.preventDefault();
    onKeep({ ...edited, port: Number(port), allowedAeTitles: titles.split(/[,;]/).map((one) => one.trim()) });
  };
  return (
    <form className="server-form" onSubmit={keep} data-testid="receiving-form">
      <TextField
        label="AE title of this program"
        value={edited.aeTitle}
        onChange={(aeTitle) => change({ aeTitle })}
        testId="receiving-title"
      />
      <TextField label="Port" value={port} onChange={setPort} testId="receiving-port" />
      <label>
        Reached from
        <select
          className="select"
          value={edited.reach}
          onChange={({ target }) =>
            change({ reach: target.value === 'network' ? 'network' : 'this-machine' })
          }
          data-testid="receiving-reach"
        >
          <option value="this-machine">this machine only</option>
          <option value="network">the network</option>
        </select>
      </label>
      <TextField
        label="AE titles that may send"
        value={titles}
        hint="SCANNER, PACS"
        onChange={setTitles}
        testId="receiving-allowed"
      />
      <label className="check">
        <input
          type="checkbox"
          checked={edited.isEncrypted}
          onChange={({ target }) => change({ isEncrypted: target.checked })}
          data-testid="receiving-tls"
        />
        <span>Encrypted connections only (TLS)</span>
      </label>
      {edited.isEncrypted ? (
        <CaField
          label="Who signs the senders’ certificates (PEM)"
          caPem={edited.caPem}
          onChange={(caPem) => change({ caPem })}
          testId="receiving-ca"
        />
      ) : null}
      <div className="server-buttons">
        <Button onClick={onCancel}>Cancel</Button>
        <button type="submit" className="button primary" disabled={!isPort} data-testid="receiving-keep">
          Receive
        </button>
      </div>
    </form>
  );
}

/** The certificate of this program, for nodes and servers that ask for one. */
function OwnCertificate({ received }: { readonly received: ReceivedStudies }) {
  const identity = useStore(received.store, ({ state }) => state?.identity ?? null);
  const read = async (files: FileList | null): Promise<void> => {
    if (files?.length) await received.keepIdentity(await Promise.all([...files].map((file) => file.text())));
  };
  return (
    <div className="server-setting">
      <label data-testid="own-certificate">
        Certificate of this program:{' '}
        {identity === null
          ? 'none'
          : `${identity.subject}${identity.needsKey ? ' (choose it again with its key: there is no keychain here)' : ''}`}
        <input
          type="file"
          multiple
          accept=".pem,.crt,.cer,.key"
          aria-label="Certificate and key of this program (PEM)"
          onChange={({ target }) => void read(target.files)}
          data-testid="own-certificate-files"
        />
      </label>
      {identity === null ? null : (
        <Button onClick={() => void received.removeIdentity()} data-testid="own-certificate-remove">
          Remove
        </Button>
      )}
    </div>
  );
}
