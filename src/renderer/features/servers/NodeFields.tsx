import type { DicomServerSettings } from '#shared/contract/services/servers.ts';
import { words } from '../../words/index.ts';
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
        label={words().servers.calledTitle}
        value={edited.calledAeTitle}
        onChange={(calledAeTitle) => change({ calledAeTitle })}
        testId="server-form-called"
      />
      <TextField
        label={words().servers.ownTitle}
        value={edited.callingAeTitle}
        onChange={(callingAeTitle) => change({ callingAeTitle })}
        testId="server-form-calling"
      />
      <label>
        {words().servers.fetchedBy}
        <select
          className="select"
          value={isMoved ? 'move' : 'get'}
          onChange={({ target }) => change({ receiveAt: target.value === 'move' ? '0.0.0.0:11112' : '' })}
          data-testid="server-form-retrieval"
        >
          <option value="get">{words().servers.get}</option>
          <option value="move">{words().servers.move}</option>
        </select>
      </label>
      {isMoved ? (
        <TextField
          label={words().servers.portAsKnown}
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
        <span>{words().servers.encrypted}</span>
      </label>
      <span />
      {edited.isEncrypted ? <TrustFields edited={edited} change={change} /> : null}
    </>
  );
}
