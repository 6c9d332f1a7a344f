import type { Emit } from './emit.ts';

export interface Notices {
  tell(message: string): void;
  /** Somebody listens: what was held is told. */
  release(): void;
}

/** Notices from before anyone listens are held until the application asks for its first information. */
export function createNotices(emit: Emit): Notices {
  let held: string[] | undefined = [];
  return {
    tell(message) {
      if (held) held.push(message);
      else emit('notice', { message });
    },
    release() {
      const messages = held ?? [];
      held = undefined;
      for (const message of messages) emit('notice', { message });
    },
  };
}
