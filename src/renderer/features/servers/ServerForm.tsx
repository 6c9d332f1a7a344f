import { type FormEvent, useState } from 'react';
import type { DicomServerSettings } from '#shared/contract/services/servers.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import { NodeFields } from './NodeFields.tsx';
import { TextField } from './TextField.tsx';
import { TrustFields } from './TrustFields.tsx';

interface ServerFormProps {
  readonly server: DicomServerSettings;
  readonly canKeepSecrets: boolean;
  readonly problem: Failure | null;
  readonly onCancel: () => void;
  /** `secret` null: as it was. */
  readonly onKeep: (server: DicomServerSettings, secret: string | null) => void;
}

/** Where a server is and who asks. */
export function ServerForm({ server, canKeepSecrets, problem, onCancel, onKeep }: ServerFormProps) {
  const [edited, setEdited] = useState(server);
  const [secret, setSecret] = useState('');
  const change = (parts: Partial<DicomServerSettings>): void => setEdited({ ...edited, ...parts });
  const keep = (event: FormEvent): void => {
    event.preventDefault();
    onKeep({ ...edited, name: edited.name || edited.address }, secret === '' ? null : secret);
  };
  const isWeb = edited.kind === 'web';
  return (
    <form className="server-form" onSubmit={keep} data-testid="server-form">
      <TextField
        label={words().servers.name}
        value={edited.name}
        onChange={(name) => change({ name })}
        testId="server-form-name"
      />
      <label>
        {words().servers.kind}
        <select
          className="select"
          value={edited.kind}
          onChange={({ target }) => change({ kind: target.value === 'node' ? 'node' : 'web' })}
          data-testid="server-form-kind"
        >
          <option value="web">DICOMweb</option>
          <option value="node">{words().servers.classic}</option>
        </select>
      </label>
      <TextField
        label={words().servers.address}
        value={edited.address}
        hint={isWeb ? 'https://pacs.hospital.org/dicom-web' : 'pacs.hospital.org:104'}
        onChange={(address) => change({ address })}
        testId="server-form-address"
      />
      {isWeb ? (
        <WebFields edited={edited} change={change} secret={secret} setSecret={setSecret} />
      ) : (
        <NodeFields edited={edited} change={change} />
      )}
      {isWeb && edited.authentication !== 'none' ? (
        <p className="quiet">{canKeepSecrets ? words().servers.inKeychain : words().servers.noKeychain}</p>
      ) : null}
      {problem ? (
        <p role="alert" data-testid="server-form-problem">
          {words().sentence(problem)}
        </p>
      ) : null}
      <div className="server-buttons">
        <Button onClick={onCancel}>{words().common.cancel}</Button>
        <button
          type="submit"
          className="button primary"
          disabled={edited.address === ''}
          data-testid="server-form-keep"
        >
          {words().common.keep}
        </button>
      </div>
    </form>
  );
}

interface WebFieldsProps {
  readonly edited: DicomServerSettings;
  readonly change: (parts: Partial<DicomServerSettings>) => void;
  readonly secret: string;
  readonly setSecret: (secret: string) => void;
}

const AUTHENTICATIONS = ['none', 'basic', 'bearer'] as const;

function WebFields({ edited, change, secret, setSecret }: WebFieldsProps) {
  const { authentication } = edited;
  return (
    <>
      <label>
        {words().servers.logInWith}
        <select
          className="select"
          value={authentication}
          onChange={({ target }) => {
            const chosen = AUTHENTICATIONS.find((value) => value === target.value);
            if (chosen) change({ authentication: chosen });
          }}
          data-testid="server-form-authentication"
        >
          {AUTHENTICATIONS.map((value) => (
            <option key={value} value={value}>
              {words().authentications[value]}
            </option>
          ))}
        </select>
      </label>
      {authentication === 'basic' ? (
        <TextField
          label={words().servers.userName}
          value={edited.user}
          onChange={(user) => change({ user })}
          testId="server-form-user"
        />
      ) : null}
      {authentication === 'none' ? null : (
        <>
          <TextField
            label={authentication === 'basic' ? words().servers.password : words().common.token}
            value={secret}
            hint={words().servers.asBefore}
            isSecret
            onChange={setSecret}
            testId="server-form-secret"
          />
          <label className="check">
            <input
              type="checkbox"
              checked={edited.allowUnencryptedPassword}
              onChange={({ target }) => change({ allowUnencryptedPassword: target.checked })}
            />
            <span>{words().servers.unencrypted}</span>
          </label>
        </>
      )}
      <TrustFields edited={edited} change={change} />
    </>
  );
}
