import type { modelsFailures } from '../../failures/modelsFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

const MALFORMED = {
  'too-short': 'it is too short',
  'header-too-large': 'its header is larger than the format allows',
  'header-cut': 'its header is longer than the file',
  'header-not-json': 'its header is not JSON',
  'header-not-object': 'its header is not an object',
  metadata: 'its metadata is not a list of texts',
  'bytes-left': 'there are bytes after the last array',
};

const MALFORMED_ARRAY = {
  'beyond-end': (array: string) => `"${array}" reaches beyond the end of the file`,
  size: (array: string) => `"${array}" has a size that does not match its shape`,
  overlap: (array: string) => `"${array}" overlaps another array`,
  gap: (array: string) => `there is a gap before "${array}"`,
  type: (array: string) => `the entry "${array}" is not an array of F16 or F32`,
};

export const modelsWords: WordsFor<keyof typeof modelsFailures> = {
  'models.folder-missing': () => 'The folder of models that was asked for does not exist.',
  'models.bundle-missing': () => 'The bundled models are missing from this installation.',
  'models.manifest-not-json': ({ model }) => `The manifest of the model "${model}" is not JSON.`,
  'models.manifest-wrong': ({ model, place, problem }) =>
    `The manifest of the model "${model}" is wrong at "${place}": ${problem}.`,
  'models.manifest-of-other': ({ model, other }) =>
    `The manifest of the model "${model}" belongs to the model "${other}".`,
  'models.not-an-id': ({ id }) =>
    `"${id}" is not the id of a model (a to z, 0 to 9 and hyphens, at most 64).`,
  'models.unknown': ({ model }) =>
    `There is no model "${model}"; "auricle model list" shows those there are.`,
  'models.weights-missing': ({ model }) => `The weights of the model "${model}" are missing.`,
  'models.checksum': ({ model }) =>
    `The weights of the model "${model}" are not those of its manifest (checksum); it is not used.`,
  'models.of-other-kind': ({ model, modelKind, wanted }) =>
    `The model "${model}" is a ${modelKind} model; a ${wanted} model is needed.`,
  'models.none-named': () => 'No field model was named.',
  'models.no-mean-unsigned': ({ model }) =>
    `The model "${model}" knows distances without a sign; no mean with other models can be taken.`,
  'models.cubes-differ': ({ first, second }) =>
    `The models "${first}" and "${second}" see different cubes; their mean cannot be taken.`,
  'models.file-not-json': ({ fileName }) => `The file ${fileName} is not JSON.`,
  'models.file-not-numbers': ({ fileName }) => `The file ${fileName} is not a list of numbers by name.`,
  'models.training-unfinished': ({ recipe, step, steps }) =>
    `The training of ${recipe} is at step ${step} of ${steps}; finish it first.`,
  'models.weights-malformed': ({ problem }) => `The weights file is malformed: ${MALFORMED[problem]}.`,
  'models.weights-array-malformed': ({ problem, array }) =>
    `The weights file is malformed: ${MALFORMED_ARRAY[problem](array)}.`,
  'models.no-state-dictionary': ({ fileName }) => `The checkpoint "${fileName}" holds no weights by name.`,
  'models.no-family-network': ({ fileName, nearest, weights }) =>
    `The checkpoint "${fileName}" is not of ShapeNet64Vox, ShapeNet128Vox, ShapeNet256Vox or ShapeNet512Vox: beside ${nearest}, weights are missing, of another shape or too many (${weights}).`,
  'models.no-choice-of-heads': ({ fileName }) =>
    `"${fileName}" is of the dual-field network, whose outputs and sampling are fixed; leave out --heads and --align-corners.`,
  'models.heads-differ': ({ fileName, outputs, heads }) =>
    `The network of "${fileName}" has ${outputs === 1 ? 'one output' : `${outputs} outputs`}, which "${heads}" does not name.`,
  'models.exists': ({ model }) =>
    `There is a model "${model}" already; choose another name with --id, or replace it with --replace.`,
  'models.id-of-bundled': ({ model }) =>
    `"${model}" is a model that Auricle brings; choose another name with --id.`,
  'models.not-written': ({ model, systemCode }) =>
    `The model "${model}" cannot be written${systemCode && ` (${systemReason(systemCode)})`}.`,
  'models.weight-missing': ({ weight }) => `The model's weights lack "${weight}".`,
  'models.weight-shape': ({ weight, shape, expected }) =>
    `The model's weight "${weight}" has shape [${shape.join()}], not [${expected.join()}].`,
  'models.weight-not-finite': ({ weight }) =>
    `The model's weight "${weight}" holds numbers that are not finite.`,
  'models.weight-count': ({ weights, expected }) =>
    `The model holds ${weights} weights where ${expected} are expected.`,
};
