import { type FormEvent, useId, useState } from 'react';
import type { DicomServerSettings } from '#shared/contract/services/servers.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';

interface ServerFormProps {
  readonly server: DicomServerSettings;
  readonly canKeepSecrets: boolean;
  readonly problem: Failure | null;
  readonly onCancel: () => void;
  /** `secret` null: as it was. */
  readonly onKeep: (server: DicomServerSettings, secret: string | null) => void;
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly isSecret?: boolean;
  readonly onChange: (value: string) => void;
  readonly testId: string;
}

function TextField({ label, value, hint, isSecret, onChange, testId }: TextFieldProps) {
  const id = useId();
  return (
    <label htmlFor={id}>
      {label}
      <input
        id={id}
        type={isSecret ? 'password' : 'text'}
        className="text-input"
        value={value}
        placeholder={hint}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
        data-testid={testId}
      />
    </label>
  );
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
        <>
          <TextField
            label="Its AE title"
            value={edited.calledAeTitle}
            onChange={(calledAeTitle) => change({ calledAeTitle })}
            testId="server-form-called"
          />
          <TextField
            label="AE title of this program"
            value={edited.callingAeTitle}
            onChange={(callingAeTitle) => change({ callingAeTitle })}
            testId="server-form-calling"
          />
        </>
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
  const readCa = async (file: File | undefined): Promise<void> => {
    change({ caPem: file === undefined ? '' : await file.text() });
  };
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
      <label>
        The hospital’s own certificates (PEM)
        <input
          type="file"
          accept=".pem,.crt,.cer"
          onChange={({ target }) => void readCa(target.files?.[0])}
          data-testid="server-form-ca"
        />
      </label>
      <TextField
        label="Trusted fingerprint (SHA-256)"
        value={edited.fingerprint}
        onChange={(fingerprint) => change({ fingerprint })}
        testId="server-form-fingerprint"
      />
    </>
  );
}
