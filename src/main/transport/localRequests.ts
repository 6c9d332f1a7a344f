/** The headers of a request that name the server it is meant for and the page it comes from. */
export interface RequestOrigin {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
  readonly 'sec-fetch-dest'?: string | string[] | undefined;
}

/** Names under which a browser on this machine reaches the server. Another name means a rebound DNS entry. */
export const localHosts = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

const isLocalHost = ({ host }: RequestOrigin, port: number): boolean =>
  host !== undefined && localHosts(port).includes(host);

/** Whether a request for a page or a file is answered: under this machine's name, and not for another site's page. */
export function mayRead(headers: RequestOrigin, port: number): boolean {
  if (!isLocalHost(headers, port)) return false;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return false;
  // A window may come from anywhere, from a terminal in a page too: it shows a page that has no token yet. Where a
  // browser does not say, the host has to do; "none": a person opened the address.
  return (
    headers['sec-fetch-dest'] === 'document' ||
    [undefined, 'none', 'same-origin'].includes(headers['sec-fetch-site']?.toString())
  );
}

/** Whether a socket may be opened: by a page of this server only. Browsers always send the origin. */
export const mayConnect = (headers: RequestOrigin, port: number): boolean =>
  isLocalHost(headers, port) && headers.origin === `http://${headers.host}`;
