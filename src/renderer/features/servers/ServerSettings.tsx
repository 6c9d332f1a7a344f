import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DicomServerSettings } from '#shared/contract/services/servers.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import { ServerForm } from './ServerForm.tsx';
import type { Servers } from './serversStore.ts';

const newServer = (): DicomServerSettings => ({
  id: crypto.randomUUID(),
  name: '',
  kind: 'web',
  address: '',
  authentication: 'none',
  user: '',
  fingerprint: '',
  caPem: '',
  allowUnencryptedPassword: false,
  isEncrypted: false,
  receiveAt: '',
  calledAeTitle: '',
  callingAeTitle: 'AURICLE',
});

/** The configured DICOM servers; none unless a person adds one. */
export function ServerSettings({ servers }: { readonly servers: Servers }) {
  const { servers: configured, canKeepSecrets, problem } = useStore(servers.store);
  const [edited, setEdited] = useState<DicomServerSettings | null>(null);
  const [checked, setChecked] = useState<{ readonly id: string; readonly failure: Failure | null } | null>(
    null,
  );
  useEffect(() => void servers.refresh(), [servers]);
  const check = async (id: string): Promise<void> => setChecked({ id, failure: await servers.check(id) });
  const trust = async (server: DicomServerSettings, fingerprint: string): Promise<void> => {
    if (await servers.keep({ ...server, fingerprint }, null)) await check(server.id);
  };
  return (
    <section className="models" aria-label={words().servers.title} data-testid="settings-servers">
      <h3>{words().servers.title}</h3>
      {configured.map(({ needsSecret: _, ...server }) => (
        <div key={server.id} className="server-setting" data-testid="configured-server">
          <span>
            {server.name}{' '}
            <span className="quiet selectable">
              {server.address}
              {server.isEncrypted ? ' (TLS)' : ''}
            </span>
          </span>
          <span className="server-buttons">
            <Button onClick={() => void check(server.id)} data-testid="server-check">
              {words().servers.check}
            </Button>
            <Button onClick={() => setEdited(server)}>{words().servers.change}</Button>
            <Button onClick={() => void servers.remove(server.id)} data-testid="server-remove">
              {words().common.remove}
            </Button>
          </span>
          {checked?.id === server.id ? (
            <p className="quiet selectable" role="status" data-testid="server-checked">
              {checked.failure ? words().sentence(checked.failure) : words().servers.answers}
              {checked.failure?.code === 'network.certificate-untrusted' ? (
                <Button
                  onClick={() => {
                    const { failure } = checked;
                    if (failure?.code === 'network.certificate-untrusted')
                      void trust(server, failure.fields.fingerprint);
                  }}
                  data-testid="server-trust"
                >
                  {words().servers.trust}
                </Button>
              ) : null}
            </p>
          ) : null}
        </div>
      ))}
      {edited ? (
        <ServerForm
          server={edited}
          canKeepSecrets={canKeepSecrets}
          problem={problem}
          onCancel={() => setEdited(null)}
          onKeep={async (server, secret) => {
            if (await servers.keep(server, secret)) setEdited(null);
          }}
        />
      ) : (
        <Button onClick={() => setEdited(newServer())} data-testid="server-add">
          {words().servers.add}
        </Button>
      )}
    </section>
  );
}
