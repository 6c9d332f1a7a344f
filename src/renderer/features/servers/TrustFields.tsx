import type { DicomServerSettings } from '#shared/contract/services/servers.ts';
import { words } from '../../words/index.ts';
import { TextField } from './TextField.tsx';

interface CaFieldProps {
  readonly label: string;
  readonly caPem: string;
  readonly onChange: (caPem: string) => void;
  readonly testId: string;
}

/** A file of certificates, and whether there is one. */
export function CaField({ label, caPem, onChange, testId }: CaFieldProps) {
  const read = async (file: File | undefined): Promise<void> => {
    onChange(file === undefined ? '' : await file.text());
  };
  return (
    <label>
      {label}
      {caPem === '' ? '' : words().servers.chosen}
      <input
        type="file"
        accept=".pem,.crt,.cer"
        onChange={({ target }) => void read(target.files?.[0])}
        data-testid={testId}
      />
    </label>
  );
}

interface TrustFieldsProps {
  readonly edited: DicomServerSettings;
  readonly change: (parts: Partial<DicomServerSettings>) => void;
}

/** Which certificates a server may show, beside those that the system trusts. */
export function TrustFields({ edited, change }: TrustFieldsProps) {
  return (
    <>
      <CaField
        label={words().servers.hospitalCa}
        caPem={edited.caPem}
        onChange={(caPem) => change({ caPem })}
        testId="server-form-ca"
      />
      <TextField
        label={words().servers.fingerprint}
        value={edited.fingerprint}
        onChange={(fingerprint) => change({ fingerprint })}
        testId="server-form-fingerprint"
      />
    </>
  );
}
