import { createMemoryPortPair } from '#shared/rpc/testing/memoryPort.ts';
import { describeRpc } from './rpcSuite.ts';

describeRpc('a pair in memory', async () => ({
  connect: async () => createMemoryPortPair(),
  free: async () => {},
}));
