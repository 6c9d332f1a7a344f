import { type FormEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ReceivingSettings as Settings } from '#shared/contract/services/receiving.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
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
    <section className="models" aria-label={words().servers.receiving} data-testid="settings-receiving">
      <h3>{words().servers.receiving}</h3>
      <div className="server-setting">
        <span role="status" data-testid="receiving-address">
          {address === null ? (
            words().servers.off
          ) : (
            <>
              {words().servers.onAs} <span className="selectable">{address}</span>
              {settings.isEncrypted ? ' (TLS)' : ''}
            </>
          )}
        </span>
        <span className="server-buttons">
          {settings.isOn ? (
            <Button onClick={() => turn(false)} data-testid="receiving-off">
              {words().servers.turnOff}
            </Button>
          ) : null}
          <Button onClick={() => setEdited({ ...settings, isOn: true })} data-testid="receiving-change">
            {settings.isOn ? words().servers.change : words().servers.turnOn}
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
        label={words().servers.ownTitle}
        value={edited.aeTitle}
        onChange={(aeTitle) => change({ aeTitle })}
        testId="receiving-title"
      />
      <TextField label={words().servers.port} value={port} onChange={setPort} testId="receiving-port" />
      <label>
        {words().servers.reachedFrom}
        <select
          className="select"
          value={edited.reach}
          onChange={({ target }) =>
            change({ reach: target.value === 'network' ? 'network' : 'this-machine' })
          }
          data-testid="receiving-reach"
        >
          <option value="this-machine">{words().servers.thisMachine}</option>
          <option value="network">{words().servers.network}</option>
        </select>
      </label>
      <TextField
        label={words().servers.allowed}
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
        <span>{words().servers.encryptedOnly}</span>
      </label>
      {edited.isEncrypted ? (
        <CaField
          label={words().servers.sendersCa}
          caPem={edited.caPem}
          onChange={(caPem) => change({ caPem })}
          testId="receiving-ca"
        />
      ) : null}
      <div className="server-buttons">
        <Button onClick={onCancel}>{words().common.cancel}</Button>
        <button type="submit" className="button primary" disabled={!isPort} data-testid="receiving-keep">
          {words().servers.receive}
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
        {words().servers.ownCertificate}{' '}
        {identity === null
          ? words().servers.noCertificate
          : `${identity.subject}${identity.needsKey ? words().servers.needsKey : ''}`}
        <input
          type="file"
          multiple
          accept=".pem,.crt,.cer,.key"
          aria-label={words().servers.certificateFiles}
          onChange={({ target }) => void read(target.files)}
          data-testid="own-certificate-files"
        />
      </label>
      {identity === null ? null : (
        <Button onClick={() => void received.removeIdentity()} data-testid="own-certificate-remove">
          {words().common.remove}
        </Button>
      )}
    </div>
  );
}
