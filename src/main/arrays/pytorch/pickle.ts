/**
 * What a pickle is to its reader: values as data, the host that decides about classes, and the two ways to fail.
 */

/** A Python value as data. Tuples and lists are arrays, dictionaries and sets keep their order. */
export type PickleValue = unknown;

/** What a class or function of the pickle becomes: data made from the arguments that Python would have called it with. */
export type PickleGlobal = (args: readonly PickleValue[]) => PickleValue;

export interface PickleHost {
  /** What the global `module.name` stands for; throws for one that is not plain data. */
  global(module: string, name: string): PickleGlobal;
  /** The object that a persistent identifier stands for. */
  persistent(id: PickleValue): PickleValue;
}

/** The pickle ends early, or its instructions do not fit together. */
export class PickleDamagedError extends Error {
  override readonly name = 'PickleDamagedError';
}

/** An instruction that plain data does not need. */
export class PickleOpcodeError extends Error {
  override readonly name = 'PickleOpcodeError';
}
