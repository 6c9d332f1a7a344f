import type { FailureDeclarations } from './declaration.ts';

/** Models: their folder, manifests and weights. */
export const modelsFailures = {
  'models.folder-missing': {},
  'models.bundle-missing': {},
  'models.manifest-not-json': { model: 'text' },
  'models.manifest-wrong': { model: 'text', place: 'text', problem: 'text' },
  'models.manifest-of-other': { model: 'text', other: 'text' },
  'models.not-an-id': { id: 'text' },
  'models.unknown': { model: 'text' },
  'models.weights-missing': { model: 'text' },
  'models.checksum': { model: 'text' },
  'models.of-other-kind': {
    model: 'text',
    modelKind: ['region', 'field', 'family', 'surroundings'],
    wanted: ['region', 'field', 'surroundings'],
  },
  'models.none-named': {},
  'models.no-mean-unsigned': { model: 'text' },
  'models.cubes-differ': { first: 'text', second: 'text' },
  'models.file-not-json': { fileName: 'text' },
  'models.file-not-numbers': { fileName: 'text' },
  'models.training-unfinished': { recipe: 'text', step: 'number', steps: 'number' },
  'models.weights-malformed': {
    problem: [
      'too-short',
      'header-too-large',
      'header-cut',
      'header-not-json',
      'header-not-object',
      'metadata',
      'bytes-left',
    ],
  },
  'models.weights-array-malformed': {
    problem: ['beyond-end', 'size', 'overlap', 'gap', 'type'],
    array: 'text',
  },
  /** A checkpoint without weights by name. */
  'models.no-state-dictionary': { fileName: 'text' },
  /** A checkpoint of a network that is none of the NUDF family; `weights` names a few of its weights. */
  'models.no-family-network': { fileName: 'text', nearest: 'text', weights: 'text' },
  /** The heads that were named are not as many as the network's outputs. */
  'models.no-choice-of-heads': { fileName: 'text' },
  'models.heads-differ': { fileName: 'text', outputs: 'number', heads: 'text' },
  'models.exists': { model: 'text' },
  'models.id-of-bundled': { model: 'text' },
  'models.not-written': { model: 'text', systemCode: 'text' },
  'models.weight-missing': { weight: 'text' },
  'models.weight-shape': { weight: 'text', shape: 'numbers', expected: 'numbers' },
  'models.weight-not-finite': { weight: 'text' },
  'models.weight-count': { weights: 'number', expected: 'number' },
} as const satisfies FailureDeclarations;
