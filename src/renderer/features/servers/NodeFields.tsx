import type { DicomServerSettings } from '#shared/contract/services/servers.ts';
import { TextField } from './TextField.tsx';
import { TrustFields } from './TrustFields.tsx';

interface NodeFieldsProps {
  readonly edited: DicomServerSettings;
  readonly change: (parts: Partial<DicomServerSettings>) => void;
}

/** What a classic node needs beside its address. */
export function NodeFields({ edited, change }: NodeFieldsProps) {
  const isMoved = edited.receiveAt !== '';
  return (
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
      <label>
        Series are fetched by
        <select
          className="select"
          value={isMoved ? 'move' : 'get'}
          onChange={({ target }) => change({ receiveAt: target.value === 'move' ? '0.0.0.0:11112' : '' })}
          data-testid="server-form-retrieval"
        >
          <option value="get">C-GET: over the same connection</option>
          <option value="move">C-MOVE: to a port of this machine</option>
        </select>
      </label>
      {isMoved ? (
        <TextField
          label="Port, as the node knows it"
          value={edited.receiveAt}
          hint="0.0.0.0:11112"
          onChange={(receiveAt) => change({ receiveAt })}
          testId="server-form-receive"
        />
      ) : (
        <span />
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={edited.isEncrypted}
          onChange={({ target }) => change({ isEncrypted: target.checked })}
          data-testid="server-form-tls"
        />
        <span>Encrypted (TLS)</span>
      </label>
      <span />
      {edited.isEncrypted ? <TrustFields edited={edited} change={change} /> : null}
    </>
  );
}
