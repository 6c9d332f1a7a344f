import { UserError } from '#shared/errors.ts';
import type { Port } from '#shared/rpc/port.ts';
import { type Credential, credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import { admitted, credentials, tokenIn } from './admission.ts';

/** What a person is told whose credential of this kind was not known. */
const NOT_ADMITTED: Readonly<Record<Credential['kind'] | 'none', string>> = {
  token: 'This link was used before. Start Auricle again, or return to the window that it opened.',
  session: 'Auricle was started again since. Open the link that it shows now.',
  none: 'Open the link that Auricle shows when it starts.',
};

const SESSION_KEY = 'auricle.session';

/** The session of an earlier page of this origin; browsers may forbid to keep one. */
function keptSession(): string | null {
  try {
    return localStorage.getItem(SESSION_KEY);
  } catch {
    return null;
  }
}

function keepSession(session: string): void {
  try {
    localStorage.setItem(SESSION_KEY, session);
  } catch {
    // Then a reload needs a new link.
  }
}

/**
 * Connects a page of the browser target to the server that it came from. The token leaves the address bar; the session
 * that it gives is kept for this origin, so that a reload and a second window connect too.
 * @throws UserError where the server does not let the page in or is gone
 */
export async function connectWeb(): Promise<Port> {
  const token = tokenIn(location.hash);
  if (token !== undefined) history.replaceState(null, '', `${location.pathname}${location.search}`);
  let lastTried: Credential['kind'] | 'none' = 'none';
  for (const credential of credentials(token, keptSession())) {
    lastTried = credential.kind;
    const protocols = [WEB_SOCKET_PROTOCOL, credentialProtocol(credential)];
    const admission = await admitted(new WebSocket(`ws://${location.host}/rpc`, protocols));
    if (!admission) continue;
    keepSession(admission.session);
    return admission.port;
  }
  throw new UserError(NOT_ADMITTED[lastTried]);
}
