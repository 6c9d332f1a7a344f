import type { numpyFailures } from '../../failures/numpyFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const numpyWords: WordsFor<keyof typeof numpyFailures> = {
  'numpy.not-npy': ({ name }) => `"${name}" is not a NumPy array file.`,
  'numpy.version': ({ name, version }) =>
    `"${name}" is written in version ${version} of NumPy's format, which is not known.`,
  'numpy.header': ({ name }) => `The header of "${name}" is damaged.`,
  'numpy.pickled': ({ name }) =>
    `"${name}" holds Python objects; only arrays of numbers are read, for unpickling objects can run code.`,
  'numpy.dtype': ({ name, dtype }) => `"${name}" holds values of type ${dtype}, which is not a number type.`,
  'numpy.not-text': ({ name, dtype }) => `"${name}" holds values of type ${dtype}, where text was expected.`,
  'numpy.ends-early': ({ name, expectedBytes, foundBytes }) =>
    `"${name}" ends early: its header promises ${expectedBytes} bytes of data, ${foundBytes} are there.`,
  'numpy.trailing': ({ name, surplusBytes }) =>
    `"${name}" has ${surplusBytes} bytes more than its header promises.`,
  'numpy.too-large': ({ name }) => `"${name}" holds more values than fit into memory.`,
  'numpy.not-npz': ({ name }) => `"${name}" is not a whole NumPy archive: it is damaged or cut short.`,
  'numpy.no-member': ({ name, member, members }) =>
    `"${name}" holds no array "${member}"; it holds ${members}.`,
};
