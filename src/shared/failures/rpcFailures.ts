import type { FailureDeclarations } from './declaration.ts';

/** Calls to the engine and the connection they go through. */
export const rpcFailures = {
  /** To whoever waits for an answer when the connection ends. */
  'rpc.connection-lost': {},
  /** To whoever calls while there is no connection. */
  'rpc.not-connected': {},
} as const satisfies FailureDeclarations;
