/** The device cannot go on (no memory left, or lost); the same work may succeed on another engine. */
export class DeviceFailure extends Error {
  override readonly name = 'DeviceFailure';
}

/** Words by which TensorFlow's and Dawn's errors tell that memory ran out. */
const MEMORY_WORDS = /out[ -]of[ -]memory|\bOOM\b|resource ?exhausted|failed to allocate/i;

/** The error itself, or a {@link DeviceFailure} where its message tells that memory ran out. */
export function asDeviceFailure(thrown: unknown): unknown {
  if (thrown instanceof DeviceFailure || !(thrown instanceof Error)) return thrown;
  if (!MEMORY_WORDS.test(thrown.message)) return thrown;
  return new DeviceFailure('The memory of the graphics processor ran out', { cause: thrown });
}
