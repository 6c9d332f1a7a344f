import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll } from 'vitest';
import { startNodeProcess } from '#main/platform/node/nodeProcess.ts';
import type { StartedProcess } from '#main/platform/startedProcess.ts';
import { type PortChannels, portChannels } from '#main/workers/portChannels.ts';
import { describeRpc } from './rpcSuite.ts';

const folder = mkdtempSync(join(tmpdir(), 'process-'));
let relay: { readonly started: StartedProcess; readonly channels: PortChannels } | undefined;

/** One process for all tests: starting one takes longer than they do. */
async function startRelay(): Promise<PortChannels> {
  const file = join(folder, 'relay.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'relays/relayProcess.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const started = startNodeProcess(file);
  relay = { started, channels: portChannels(started.port) };
  return relay.channels;
}

afterAll(async () => {
  await relay?.started.end();
  rmSync(folder, { recursive: true, force: true });
});

let pairs = 0;
describeRpc('channels to a process, joined in it', async () => {
  const { open } = relay?.channels ?? (await startRelay());
  return {
    async connect() {
      const name = `second of pair ${pairs++}`;
      return [open('pair', name), open(name)];
    },
    free: async () => {},
  };
});
