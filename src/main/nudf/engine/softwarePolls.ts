/** How often a software device is asked whether its commands have ended; most take longer. */
const POLL_MS = 2;

/** Functions made by native code, as Dawn's are; a bound function reads the same, and may wait as long. */
const isNative = (callback: unknown): boolean =>
  typeof callback === 'function' && /\[native code\]/.test(Function.prototype.toString.call(callback));

/**
 * While anything is awaited, Dawn asks over and over whether commands have ended, by `setImmediate` and with a new
 * function each time. That keeps a core busy, which costs a graphics processor nothing, but a software device computes on
 * the same cores: it is asked every few milliseconds.
 * @returns undoes it
 */
export function pollLessOften(): () => void {
  const { setImmediate, setTimeout } = globalThis;
  const patient = (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
    isNative(callback) ? setTimeout(callback, POLL_MS, ...args) : setImmediate(callback, ...args);
  // With what util.promisify looks for.
  Object.defineProperties(patient, Object.getOwnPropertyDescriptors(setImmediate));
  const replaced = patient as unknown as typeof setImmediate;
  globalThis.setImmediate = replaced;
  return () => {
    if (globalThis.setImmediate === replaced) globalThis.setImmediate = setImmediate;
  };
}
