import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BroadcastChannel, MessageChannel } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { threadPort, workerThread } from '#main/threads/thread.ts';
import { channelPort } from './relays/relayedPorts.ts';
import { describeRpc } from './rpcSuite.ts';

const folder = mkdtempSync(join(tmpdir(), 'thread-'));
const file = join(folder, 'relay.mjs');
beforeAll(() =>
  build({
    entryPoints: [join(import.meta.dirname, 'relays/relayThread.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
  }),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeRpc('a channel within one thread', async () => ({
  async connect() {
    const { port1, port2 } = new MessageChannel();
    return [threadPort(port1), threadPort(port2)];
  },
  free: async () => {},
}));

let threads = 0;
describeRpc('the ports of a worker thread and its starter', async () => {
  const ends: (() => Promise<void>)[] = [];
  return {
    async connect() {
      const name = `${folder} ${threads++}`;
      const channel = new BroadcastChannel(name);
      const isReady = new Promise<void>((resolve) => {
        channel.onmessage = () => resolve();
      });
      const worker = workerThread(file, name);
      ends.push(() => worker.end());
      await isReady;
      return [worker.port, channelPort(channel)];
    },
    async free() {
      for (const end of ends) await end();
    },
  };
});
