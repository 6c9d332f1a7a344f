import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessions } from '#main/services/sessions.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { temporaryFolder } from './testing/application.ts';
import { type BuiltWorkers, builtWorkers } from './testing/builtWorkers.ts';

const job = { signal: new AbortController().signal, onProgress: () => undefined };

describe('a program that is killed while it saves', () => {
  let built: BuiltWorkers;
  beforeAll(async () => {
    built = await builtWorkers([], { saving: 'test/services/testing/savingProgram.ts' });
  });
  afterAll(() => built.remove());

  // Each round is killed at another place of the next save, wherever the system happens to be then.
  it.each([1, 2, 3, 5])('leaves the last save or the one before, whole; after %i saves', async (saves) => {
    const folder = await temporaryFolder();
    try {
      const child = spawn(process.execPath, [built.findWorker('saving')!, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let reported = -1;
      for await (const line of createInterface(child.stdout)) {
        reported = Number(line);
        if (reported + 1 === saves) child.kill('SIGKILL');
      }
      if (child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');

      const notices: Failure[] = [];
      const sessions = createSessions({ dataFolder: folder, onNotice: (what) => notices.push(what) });
      const [summary, ...others] = await sessions.list({}, job);
      expect(others).toEqual([]);
      expect(notices).toEqual([]);
      // What was reported as saved is on the disk; a later save is there whole or not at all.
      const saved = Number(summary!.title.replace('Save ', ''));
      expect(saved).toBeGreaterThanOrEqual(reported);
      const { state } = await sessions.load({ id: 'work' }, job);
      expect(state.length).toBe(4_000_000);
      expect(state.every((byte) => byte === saved % 256)).toBe(true);

      const lines = (await readFile(join(folder, 'audit.jsonl'), 'utf8')).split('\n');
      const details = lines.slice(0, reported + 1).map((line) => JSON.parse(line).detail);
      expect(details).toEqual(Array.from({ length: reported + 1 }, (_, n) => `Save ${n}`));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
