import './zodWithoutEval.ts';
import { type AuricleContract, auricleContract } from '#shared/contract/auricle.ts';
import { createRpcClient, type RpcClient } from '#shared/rpc/client.ts';
import { connectElectron } from './electronConnection.ts';
import { connectWeb } from './webConnection.ts';

/** The engine as the renderer sees it: `services` are the contract's methods, `on` hears events. */
export type AuricleConnection = RpcClient<AuricleContract>;

/**
 * Connects this page to the engine: in Electron through the preload script's port, in a browser through a socket to the
 * server that the page came from. `onBug` hears of answers that do not fit the contract.
 * @throws UserError with one sentence where there is no engine or it does not let the page in
 */
export async function connectAuricle(onBug: (error: Error) => void): Promise<AuricleConnection> {
  const port = await (window.auricle ? connectElectron() : connectWeb());
  return createRpcClient(auricleContract, port, { onBug });
}
