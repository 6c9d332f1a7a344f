import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Mutex } from 'async-mutex';
import type { AuditEvent } from '#shared/contract/services/app.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { notStored } from './storedFile.ts';

const NEW_LINE = 0x0a;

export interface AuditTrail {
  /** Adds a line with the time; it is on the disk when this resolves. Throws a UserError where it cannot be written. */
  record(event: AuditEvent): Promise<void>;
}

/** What was done, as lines of JSON that are only ever added to. */
export function createAuditTrail(dataFolder: string, now: () => Date = () => new Date()): AuditTrail {
  const path = join(dataFolder, 'audit.jsonl');
  const mutex = new Mutex();
  return {
    record: ({ kind, seriesInstanceUid, detail }) =>
      mutex.runExclusive(async () => {
        try {
          await makeFolder(dirname(path));
          const line = JSON.stringify({ at: now().toISOString(), kind, seriesInstanceUid, detail });
          await append(path, line);
        } catch (thrown) {
          throw notStored('audit-trail', thrown);
        }
      }),
  };
}

async function append(path: string, line: string): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    // A line may be cut short because the program was killed: it stays as it is, and the next one starts on a new line.
    const { buffer } = size > 0 ? await file.read(Buffer.alloc(1), 0, 1, size - 1) : { buffer: undefined };
    const start = buffer === undefined || buffer[0] === NEW_LINE ? '' : '\n';
    await file.appendFile(`${start}${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
