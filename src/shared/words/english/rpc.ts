import type { rpcFailures } from '../../failures/rpcFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const rpcWords: WordsFor<keyof typeof rpcFailures> = {
  'rpc.connection-lost': () => "The connection to Auricle's engine was lost before this was finished.",
  'rpc.not-connected': () => "Auricle's engine is not connected.",
};
