import type { pytorchFailures } from '../../failures/pytorchFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const pytorchWords: WordsFor<keyof typeof pytorchFailures> = {
  'pytorch.not-checkpoint': ({ name }) => `"${name}" is not a PyTorch checkpoint.`,
  'pytorch.damaged': ({ name }) => `The checkpoint "${name}" is damaged or cut short.`,
  'pytorch.not-plain-data': ({ name, global }) =>
    `The checkpoint "${name}" asks for "${global}"; only tensors and plain containers are read, and nothing of it was run.`,
  'pytorch.opcode': ({ name, opcode }) =>
    `The checkpoint "${name}" uses an instruction of pickle that is not read (${opcode}).`,
  'pytorch.no-storage': ({ name, key }) =>
    `The checkpoint "${name}" lacks the data of tensor storage ${key}.`,
  'pytorch.storage-size': ({ name, key, expectedBytes, foundBytes }) =>
    `Tensor storage ${key} of the checkpoint "${name}" should hold ${expectedBytes} bytes and holds ${foundBytes}.`,
  'pytorch.big-endian': ({ name }) =>
    `The checkpoint "${name}" was written on a big-endian machine, which is not read.`,
};
