import { type Pass, welcomeSchema } from '#shared/rpc/webSocketHandshake.ts';

/** Where all pages of this origin keep the pass of the server that let one of them in last. */
export const PASS_KEY = 'auricle.session';

export interface PassKeeper {
  /** The newest pass of this origin; where the browser does not store one, this page's own. */
  kept(): Pass | undefined;
  keep(pass: Pass): void;
}

/** @param storage returns the browser's local storage; throws where that is forbidden */
export function createPassKeeper(storage: () => Pick<Storage, 'getItem' | 'setItem'>): PassKeeper {
  let own: Pass | undefined;
  return {
    kept() {
      try {
        const [session, proof] = storage().getItem(PASS_KEY)?.split('.') ?? [];
        return welcomeSchema.safeParse({ session, proof }).data ?? own;
      } catch {
        return own;
      }
    },
    keep(pass) {
      own = pass;
      try {
        storage().setItem(PASS_KEY, `${pass.session}.${pass.proof}`);
      } catch {
        // Then a reload needs a new link.
      }
    },
  };
}
