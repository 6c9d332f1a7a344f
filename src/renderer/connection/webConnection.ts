import { failureOf } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { type Credential, credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import type { SocketLike } from '#shared/rpc/webSocketPort.ts';
import { admitted } from './admission.ts';
import type { Attempt } from './link.ts';
import type { PassKeeper } from './passKeeper.ts';

/** Why the page is not let in, by the kind of credential that the server did not know. */
const NOT_ADMITTED: Readonly<Record<Credential['kind'] | 'none', Failure>> = {
  token: failure('page.link-used'),
  session: failure('page.server-restarted'),
  none: failure('page.no-link'),
};

/** What this module needs of its page. */
export interface WebPage {
  readonly passes: PassKeeper;
  /** Takes the one-time token out of the page's address. */
  takeToken(): string | undefined;
  openSocket(protocols: string[]): SocketLike;
}

/**
 * Tries to connect a page of the browser target to the server that it came from: with the token of a link, else with the
 * session that this or another page of the origin was given.
 */
export async function connectWeb({ passes, takeToken, openSocket }: WebPage): Promise<Attempt> {
  const attempt = (credential: Credential, proof?: string) =>
    admitted(openSocket([WEB_SOCKET_PROTOCOL, credentialProtocol(credential)]), proof);
  const token = takeToken();
  const kept = passes.kept();
  try {
    const admission =
      (token === undefined ? undefined : await attempt({ kind: 'token', secret: token })) ??
      (kept && (await attempt({ kind: 'session', secret: kept.session }, kept.proof)));
    if (!admission)
      return { kind: 'refused', reason: NOT_ADMITTED[kept ? 'session' : token ? 'token' : 'none'] };
    const { port, session, proof } = admission;
    passes.keep({ session, proof });
    return { kind: 'connected', port };
  } catch (thrown) {
    return { kind: 'unreachable', reason: failureOf(thrown) };
  }
}
