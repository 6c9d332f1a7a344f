import type { FailureDeclarations } from './declaration.ts';

/** NumPy's `.npy` and `.npz` files. `name` is the file's or the member's base name. */
export const numpyFailures = {
  'numpy.not-npy': { name: 'text' },
  'numpy.version': { name: 'text', version: 'text' },
  'numpy.header': { name: 'text' },
  /** An array of Python objects: it would have to be unpickled, which can run code. */
  'numpy.pickled': { name: 'text' },
  'numpy.dtype': { name: 'text', dtype: 'text' },
  'numpy.not-text': { name: 'text', dtype: 'text' },
  'numpy.ends-early': { name: 'text', expectedBytes: 'number', foundBytes: 'number' },
  'numpy.trailing': { name: 'text', surplusBytes: 'number' },
  'numpy.too-large': { name: 'text' },
  'numpy.not-npz': { name: 'text' },
  'numpy.no-member': { name: 'text', member: 'text', members: 'text' },
} as const satisfies FailureDeclarations;
