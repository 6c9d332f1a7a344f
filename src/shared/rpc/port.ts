/**
 * One end of a two-way channel of plain data: a WebSocket, an Electron message port, a worker, a pair in memory. Messages
 * arrive whole and in order, or the port closes.
 */
export interface Port {
  /**
   * Sends a structured-cloneable value; typed arrays in it arrive as typed arrays of the same kind.
   * @param transfer buffers in it that may move instead of being copied; a port that cannot move them copies them
   */
  send(message: unknown, transfer?: readonly ArrayBufferLike[]): void;
  /** @returns a function that ends the subscription */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once, with a reason in words, when either end closes or the channel breaks. */
  onClose(listener: (reason: string) => void): () => void;
  close(): void;
}
