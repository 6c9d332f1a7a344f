import '#shared/rpc/zodWithoutEval.ts';
import { type AuricleContract, auricleContract } from '#shared/contract/auricle.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { createRpcClient, type RpcClient } from '#shared/rpc/client.ts';
import type { Port } from '#shared/rpc/port.ts';
import { splitPort } from '#shared/rpc/splitPort.ts';
import { connectElectron } from './electronConnection.ts';
import type { Attempt } from './link.ts';
import { createLink, type Link } from './link.ts';
import { onPageWake, pageOfServer } from './pageOfServer.ts';
import { connectWeb } from './webConnection.ts';

export { isDisconnection, type Link, type LinkState } from './link.ts';

/**
 * The engine as the renderer sees it: `services` are the contract's methods, `on` listens to events, `link` says whether
 * there is a connection and makes it again where it was lost.
 */
export interface AuricleConnection extends Pick<RpcClient<AuricleContract>, 'services' | 'on' | 'onClose'> {
  readonly link: Link;
}

/** What a person can do whose page had a connection before. */
const inAgain = (attempt: Attempt): Attempt => {
  switch (attempt.kind) {
    case 'connected':
      return attempt;
    case 'refused':
      return {
        kind: 'refused',
        reason: failure('page.server-restarted-meanwhile'),
      };
    case 'unreachable':
      return {
        kind: 'unreachable',
        reason: failure('page.engine-lost', { port: location.port }),
      };
  }
};

/**
 * Connects this page to the engine: in Electron through the preload script's port, in a browser through a socket to the
 * server that the page came from. `onBug` is called with answers that do not fit the contract, `serveBack` with the port
 * of each connection through which the engine calls this page.
 * @throws UserError with one sentence where there is no engine or it does not let the page in
 */
export async function connectAuricle(
  onBug: (error: Error) => void,
  serveBack: (port: Port) => void,
): Promise<AuricleConnection> {
  const page = pageOfServer();
  const connect = async (): Promise<Attempt> => {
    const attempt: Attempt = window.auricle
      ? { kind: 'connected', port: await connectElectron() }
      : await connectWeb(page);
    if (attempt.kind !== 'connected') return attempt;
    const { calls, back } = splitPort(attempt.port);
    serveBack(back);
    return { kind: 'connected', port: calls };
  };
  const first = await connect();
  if (first.kind !== 'connected') throw new UserError(first.reason);
  const client = createRpcClient(auricleContract, first.port, { onBug });
  const link = createLink({
    client,
    connect: async () => inAgain(await connect()),
    onWake: onPageWake,
  });
  const { services, on, onClose } = client;
  return { services, on, onClose, link };
}
