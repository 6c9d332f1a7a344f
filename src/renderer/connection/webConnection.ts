import { UserError } from '#shared/errors.ts';
import type { Port } from '#shared/rpc/port.ts';
import { credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import { admitted, credentials, tokenIn } from './admission.ts';

const SESSION_KEY = 'auricle.session';

/**
 * Connects a page of the browser target to the server that it came from. The token leaves the address bar; the session
 * that it gives is kept for this origin, so that a reload and a second window connect too.
 * @throws UserError where the server does not let the page in or is gone
 */
export async function connectWeb(): Promise<Port> {
  const token = tokenIn(location.hash);
  if (token !== undefined) history.replaceState(null, '', `${location.pathname}${location.search}`);
  let failure: unknown = new UserError('Open the link that Auricle shows when it starts.');
  for (const credential of credentials(token, localStorage.getItem(SESSION_KEY))) {
    try {
      const protocols = [WEB_SOCKET_PROTOCOL, credentialProtocol(credential)];
      const { port, session } = await admitted(new WebSocket(`ws://${location.host}/rpc`, protocols));
      localStorage.setItem(SESSION_KEY, session);
      return port;
    } catch (thrown) {
      failure = thrown;
      if (credential.kind === 'session') localStorage.removeItem(SESSION_KEY);
    }
  }
  throw failure;
}
