/** What the window's message says that carries the port from Electron's preload script to the page. */
export const PORT_MESSAGE = { kind: 'auricle-port' } as const;

export const isPortMessage = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === PORT_MESSAGE.kind;

/**
 * A message port's last message. A page gets no event when the other end of its port closes: Chromium has no event for it,
 * and its calls would wait for ever.
 */
export const PORT_CLOSED = 'auricle-port-closed';
