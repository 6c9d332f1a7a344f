import { z } from 'zod';

/**
 * How a page of the browser target shows that it may connect: beside the protocol's name it offers a second
 * subprotocol, `token.` and the one-time token of its link or `session.` and the session that it was given before. The
 * server's first frame is text, a welcome that names the session and the server's proof; every frame after it is a
 * message. A page that comes back compares the proof with the one that came with its session: another program that took
 * over the port of a server that ended cannot know it, and the page sends it nothing.
 */
export const WEB_SOCKET_PROTOCOL = 'auricle.1';

export type Credential = { readonly kind: 'token' | 'session'; readonly secret: string };

/** Closes a socket whose token was used before, or never issued. */
export const NOT_ADMITTED_CODE = 4401;

const secretSchema = z.string().regex(/^[A-Za-z0-9_-]{16,128}$/);

/** What a page keeps: the session lets it in, the proof is what the server then has to show. */
export const welcomeSchema = z.strictObject({ session: secretSchema, proof: secretSchema });

export type Pass = z.output<typeof welcomeSchema>;

export const credentialProtocol = ({ kind, secret }: Credential): string => `${kind}.${secret}`;

/** The credential among the subprotocols that a client offers; undefined where there is none. */
export function readCredential(protocols: Iterable<string>): Credential | undefined {
  for (const protocol of protocols) {
    const [, kind, secret] = /^(token|session)\.([A-Za-z0-9_-]{16,128})$/.exec(protocol) ?? [];
    if ((kind === 'token' || kind === 'session') && secret !== undefined) return { kind, secret };
  }
  return undefined;
}
