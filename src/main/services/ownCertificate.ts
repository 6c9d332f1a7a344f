import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { parseIdentity, type TlsIdentity } from '../dicomNetwork/index.ts';
import { isMissing } from '../files/systemCode.ts';
import type { Keychain } from '../platform/platform.ts';
import { storeFile } from './storedFile.ts';

/** The key only as the system's keychain encrypts it. */
const keptSchema = z.strictObject({ certificatePem: z.string(), encryptedKey: z.string().optional() });
type Kept = z.output<typeof keptSchema>;

/** The certificate by which other nodes know this program; none unless a person gives one. */
export interface OwnCertificate {
  info(): { subject: string; needsKey: boolean } | null;
  /** Undefined where there is none, or its key is not known. */
  identity(): TlsIdentity | undefined;
  /** @throws UserError where the texts are no certificate and its key */
  keep(identity: TlsIdentity): Promise<void>;
  remove(): Promise<void>;
}

export function createOwnCertificate(
  dataFolder: string,
  keychain: Keychain | undefined,
  onNotice: (what: Failure) => void,
): OwnCertificate {
  const file = join(dataFolder, 'certificate.json');
  let kept = readKept(file, onNotice);
  /** The key where there is no keychain: until the program ends. */
  let keyPem: string | undefined;

  const identity = (): TlsIdentity | undefined => {
    if (kept === undefined) return undefined;
    const { certificatePem, encryptedKey } = kept;
    const key = keyPem ?? (encryptedKey === undefined ? undefined : keychain?.decrypt(encryptedKey));
    return key === undefined ? undefined : { certificatePem, keyPem: key };
  };
  return {
    identity,
    info: () =>
      kept === undefined
        ? null
        : {
            subject: new X509Certificate(kept.certificatePem).subject.replaceAll('\n', ', '),
            needsKey: identity() === undefined,
          },
    async keep({ certificatePem, keyPem: newKeyPem }) {
      parseIdentity(certificatePem, newKeyPem, 'that was chosen');
      const encryptedKey = keychain?.encrypt(newKeyPem);
      const next: Kept = { certificatePem, ...withoutUndefined({ encryptedKey }) };
      await storeFile(file, `${JSON.stringify(next)}\n`, 'servers');
      kept = next;
      keyPem = newKeyPem;
    },
    async remove() {
      await rm(file, { force: true });
      kept = undefined;
      keyPem = undefined;
    },
  };
}

function readKept(file: string, onNotice: (what: Failure) => void): Kept | undefined {
  try {
    const kept = keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    new X509Certificate(kept.certificatePem);
    return kept;
  } catch (thrown) {
    if (!isMissing(thrown)) onNotice(failure('storage.certificate-damaged'));
    return undefined;
  }
}
