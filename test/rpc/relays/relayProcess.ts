import { parentProcess } from '#main/workers/parentProcess.ts';
import { joinPorts, portChannels } from '#main/workers/portChannels.ts';

// A process whose channels the rpc suite tests: the program opens them in pairs, and the two of a pair are joined here.
const channels = portChannels(parentProcess());
channels.onOpen('pair', (first, name) => {
  channels.onOpen(String(name), (second) => joinPorts(first, second));
});
