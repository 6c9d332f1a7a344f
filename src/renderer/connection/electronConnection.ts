import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { createMessagePortPort } from '#shared/rpc/messagePortPort.ts';
import type { Port } from '#shared/rpc/port.ts';
import { isPortMessage } from '#shared/rpc/portMessage.ts';

/** The one thing that Electron's preload script gives to the page. */
declare global {
  interface Window {
    readonly auricle?: {
      /** Asks for a port; it arrives as a message of this window to itself. */
      readonly requestPort: () => void;
    };
  }
}

/**
 * Asks the preload script for a port to the main process.
 * @throws UserError where this is not a window of Electron's
 */
export function connectElectron(): Promise<Port> {
  return new Promise((resolve, reject) => {
    const { auricle } = window;
    if (!auricle) return reject(new UserError(failure('page.engine-unreachable')));
    const receive = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports;
      if (event.source !== window || event.origin !== location.origin) return;
      if (!isPortMessage(event.data) || !port || event.ports.length !== 1) return;
      window.removeEventListener('message', receive);
      resolve(createMessagePortPort(port));
    };
    window.addEventListener('message', receive);
    auricle.requestPort();
  });
}
