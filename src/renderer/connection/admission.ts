import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Port } from '#shared/rpc/port.ts';
import { NOT_ADMITTED_CODE, type Pass, welcomeSchema } from '#shared/rpc/webSocketHandshake.ts';
import { createWebSocketPort, type SocketLike } from '#shared/rpc/webSocketPort.ts';

export interface Admission extends Pass {
  readonly port: Port;
}

const notOurs = (): UserError => new UserError(failure('page.not-ours'));

/**
 * Waits until the server lets the socket in; undefined where it does not know what the socket shows.
 * @param proof what the server that gave the session has to show; nothing is sent to another one
 * @throws UserError with one sentence where there is no server of ours
 */
export function admitted(socket: SocketLike, proof?: string): Promise<Admission | undefined> {
  return new Promise((resolve, reject) => {
    let isWelcome = false;
    socket.addEventListener('message', ({ data }) => {
      if (isWelcome) return;
      isWelcome = true;
      const welcome = readWelcome(data);
      // From here on every frame is the port's.
      if (welcome && (proof === undefined || welcome.proof === proof))
        return resolve({ port: createWebSocketPort(socket), ...welcome });
      socket.close();
      reject(notOurs());
    });
    socket.addEventListener('close', ({ code }) =>
      code === NOT_ADMITTED_CODE
        ? resolve(undefined)
        : reject(new UserError(failure('page.engine-unreachable'))),
    );
    socket.addEventListener('error', () => {});
  });
}

function readWelcome(data: unknown): Pass | undefined {
  try {
    return typeof data === 'string' ? welcomeSchema.parse(JSON.parse(data)) : undefined;
  } catch {
    return undefined;
  }
}

/** The one-time token in the page's address; undefined where there is none. */
export const tokenIn = (hash: string): string | undefined =>
  new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined;
