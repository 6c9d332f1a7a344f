import type { FailureDeclarations } from './declaration.ts';

/** PyTorch's checkpoint files. `name` is the file's base name. */
export const pytorchFailures = {
  'pytorch.not-checkpoint': { name: 'text' },
  'pytorch.damaged': { name: 'text' },
  /** The pickle names a class or function that is not on the short list of plain data. */
  'pytorch.not-plain-data': { name: 'text', global: 'text' },
  'pytorch.opcode': { name: 'text', opcode: 'text' },
  'pytorch.no-storage': { name: 'text', key: 'text' },
  'pytorch.storage-size': { name: 'text', key: 'text', expectedBytes: 'number', foundBytes: 'number' },
  'pytorch.big-endian': { name: 'text' },
} as const satisfies FailureDeclarations;
