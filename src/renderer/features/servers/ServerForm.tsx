import { type FormEvent, useState } from 'react';
import type { DicomServerSettings } from '#shared/contract/services/servers.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
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
        label="Name"
        value={edited.name}
        onChange={(name) => change({ name })}
        testId="server-form-name"
      />
      <label>
        Kind
        <select
          className="select"
          value={edited.kind}
          onChange={({ target }) => change({ kind: target.value === 'node' ? 'node' : 'web' })}
          data-testid="server-form-kind"
        >
          <option value="web">DICOMweb</option>
          <option value="node">Classic DICOM node</option>
        </select>
      </label>
      <TextField
        label="Address"
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
        <p className="quiet">
          {canKeepSecrets
            ? 'It is kept in this system’s keychain.'
            : 'There is no keychain here: it is kept until Auricle ends, and asked for again.'}
        </p>
      ) : null}
      {problem ? (
        <p role="alert" data-testid="server-form-problem">
          {words().sentence(problem)}
        </p>
      ) : null}
      <div className="server-buttons">
        <Button onClick={onCancel}>Cancel</Button>
        <button
          type="submit"
          className="button primary"
          disabled={edited.address === ''}
          data-testid="server-form-keep"
        >
          Keep
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

const AUTHENTICATIONS = [
  { value: 'none', label: 'None' },
  { value: 'basic', label: 'User name and password' },
  { value: 'bearer', label: 'Token' },
] as const;

function WebFields({ edited, change, secret, setSecret }: WebFieldsProps) {
  const { authentication } = edited;
  return (
    <>
      <label>
        Log in with
        <select
          className="select"
          value={authentication}
          onChange={({ target }) => {
            const chosen = AUTHENTICATIONS.find(({ value }) => value === target.value);
            if (chosen) change({ authentication: chosen.value });
          }}
          data-testid="server-form-authentication"
        >
          {AUTHENTICATIONS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {authentication === 'basic' ? (
        <TextField
          label="User name"
          value={edited.user}
          onChange={(user) => change({ user })}
          testId="server-form-user"
        />
      ) : null}
      {authentication === 'none' ? null : (
        <>
          <TextField
            label={authentication === 'basic' ? 'Password' : 'Token'}
            value={secret}
            hint="as before"
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
            <span>Send it without encryption too (http)</span>
          </label>
        </>
      )}
      <TrustFields edited={edited} change={change} />
    </>
  );
}
