import { UserError } from '#shared/errors.ts';
import type { Port } from '#shared/rpc/port.ts';
import { type Credential, NOT_ADMITTED_CODE, welcomeSchema } from '#shared/rpc/webSocketHandshake.ts';
import { createWebSocketPort, type SocketLike } from '#shared/rpc/webSocketPort.ts';

export interface Admission {
  readonly port: Port;
  /** Lets later connections in. */
  readonly session: string;
}

/**
 * Waits until the server lets the socket in; undefined where it does not know what the socket shows.
 * @throws UserError with one sentence where there is no server of ours
 */
export function admitted(socket: SocketLike): Promise<Admission | undefined> {
  return new Promise((resolve, reject) => {
    let isWelcome = false;
    socket.addEventListener('message', ({ data }) => {
      if (isWelcome) return;
      isWelcome = true;
      const welcome = readWelcome(data);
      // From here on every frame is the port's.
      if (welcome !== undefined) return resolve({ port: createWebSocketPort(socket), session: welcome });
      socket.close();
      reject(new UserError("What answers at this address is not Auricle's engine."));
    });
    socket.addEventListener('close', ({ code }) =>
      code === NOT_ADMITTED_CODE
        ? resolve(undefined)
        : reject(new UserError("Auricle's engine cannot be reached. Start Auricle again.")),
    );
    socket.addEventListener('error', () => {});
  });
}

function readWelcome(data: unknown): string | undefined {
  try {
    return typeof data === 'string' ? welcomeSchema.parse(JSON.parse(data)).session : undefined;
  } catch {
    return undefined;
  }
}

/** The one-time token in the page's address; undefined where there is none. */
export const tokenIn = (hash: string): string | undefined =>
  new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined;

/** What to try, in order: the link's token, then the session of an earlier page. */
export function credentials(token: string | undefined, session: string | null): readonly Credential[] {
  return [
    ...(token === undefined ? [] : [{ kind: 'token' as const, secret: token }]),
    ...(session === null ? [] : [{ kind: 'session' as const, secret: session }]),
  ];
}
