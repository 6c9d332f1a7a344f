import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Credential, Pass } from '#shared/rpc/webSocketHandshake.ts';

export interface AccessTokens {
  /** The secret of a new link; good for one exchange. */
  issueToken(): string;
  /**
   * A token is used up and gives a new session; a session gives itself. With it comes this server's proof that it is the
   * one that issued the session.
   * @returns undefined for what was never issued
   */
  admit(credential: Credential | undefined): Pass | undefined;
}

/** Secrets of one run of the server. They are kept as hashes, so that the time of a comparison reveals nothing. */
export function createAccessTokens(): AccessTokens {
  const tokens = new Set<string>();
  const sessions = new Set<string>();
  const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');
  const issue = (into: Set<string>): string => {
    const secret = randomBytes(32).toString('base64url');
    into.add(hash(secret));
    return secret;
  };
  const proofKey = randomBytes(32);
  const passOf = (session: string): Pass => ({
    session,
    proof: createHmac('sha256', proofKey).update(session).digest('base64url'),
  });
  return {
    issueToken: () => issue(tokens),
    admit(credential) {
      if (!credential) return undefined;
      const hashed = hash(credential.secret);
      if (credential.kind === 'token') return tokens.delete(hashed) ? passOf(issue(sessions)) : undefined;
      return sessions.has(hashed) ? passOf(credential.secret) : undefined;
    },
  };
}
