/** The two messages between Electron's preload script and the main process; there are no others. */
export const REQUEST_PORT_CHANNEL = 'auricle:request-port';
export const PORT_CHANNEL = 'auricle:port';
