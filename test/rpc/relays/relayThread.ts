import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { threadPort } from '#main/threads/thread.ts';
import { joinPorts } from '#main/workers/portChannels.ts';
import { channelPort } from './relayedPorts.ts';

// A thread whose own port the rpc suite tests: what comes through it goes on to the test's server, and back.
if (parentPort) {
  const channel = new BroadcastChannel(String(workerData));
  joinPorts(threadPort(parentPort), channelPort(channel));
  // What was sent on the channel before is lost.
  channel.postMessage('ready');
}
