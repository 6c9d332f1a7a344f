import { type Contract, method, unchecked } from '#shared/rpc/contract.ts';
import type { SessionParts } from '#shared/sessionArchive.ts';

/** What a worker does of saving: `sessionArchive` in the tasks' one declaration. Archives move to the main thread. */
export const sessionTasks = {
  services: {
    archive: {
      /** Of files under their own names, as an export is. */
      zip: method(unchecked<SessionParts>(), unchecked<Uint8Array>(), ({ buffer }) => [buffer]),
      /** Of a session, for `unpack`. */
      pack: method(unchecked<SessionParts>(), unchecked<Uint8Array>(), ({ buffer }) => [buffer]),
      /** The large parts alone, compressed, by the names that they have in an archive. */
      compressParts: method(unchecked<SessionParts>(), unchecked<SessionParts>(), (parts) =>
        Object.values(parts).map(({ buffer }) => buffer),
      ),
      compress: method(unchecked<Uint8Array>(), unchecked<Uint8Array>(), ({ buffer }) => [buffer]),
      unpack: method(unchecked<Uint8Array>(), unchecked<SessionParts>()),
    },
  },
  events: {},
} satisfies Contract;
