import process from 'node:process';
import { createAuditTrail } from '#main/services/audit.ts';
import { createSessions } from '#main/services/sessions.ts';

/** Saves one session again and again, and records each save, until it is killed. A line on stdout for each. */
const dataFolder = process.argv[2]!;
const sessions = createSessions({ dataFolder, onNotice: () => undefined });
const audit = createAuditTrail(dataFolder);
const job = { signal: new AbortController().signal, onProgress: () => undefined };

for (let n = 0; ; n++) {
  const state = new Uint8Array(4_000_000).fill(n % 256);
  await sessions.save(
    { summary: { id: 'work', title: `Save ${n}`, seriesInstanceUid: '2.25.1' }, state },
    job,
  );
  await audit.record({ kind: 'edit', seriesInstanceUid: '2.25.1', detail: `Save ${n}` });
  process.stdout.write(`${n}\n`);
}
