import type { trainingFailures } from '../../failures/trainingFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

export const trainingWords: WordsFor<keyof typeof trainingFailures> = {
  'training.checkpoint-unreadable': () => 'The checkpoint cannot be read.',
  'training.checkpoint-damaged': () => 'The checkpoint is damaged.',
  'training.checkpoint-of-other-recipe': () =>
    'The checkpoint belongs to another recipe; choose another folder or the same recipe.',
  'training.no-checkpoint': () => 'There is no checkpoint in that folder.',
  'training.recipe-not-json': () => 'The recipe is not JSON.',
  'training.recipe-wrong': ({ place, problem }) => `The recipe is wrong at "${place}": ${problem}.`,
  'training.checkpoint-of-other-network': ({ fileName, found, wanted }) =>
    `"${fileName}" holds ${found}, not ${wanted}.`,
  'training.checkpoint-not-resumable': ({ fileName }) =>
    `"${fileName}" lacks what training needs to go on from it; start anew from its weights with --init.`,
  'training.experiment-exists': ({ name }) =>
    `The experiment "${name}" has checkpoints already: go on with --resume, or choose another --name.`,
  'training.experiment-missing': ({ name }) => `The experiment "${name}" has no checkpoint to resume from.`,
  'training.settings-damaged': ({ name }) => `The settings of the experiment "${name}" are damaged.`,
  'training.settings-differ': ({ setting, before, now }) =>
    `The experiment was begun with ${setting} ${before}, not ${now}: resume it as it was begun, or choose another --name.`,
  'training.disk-full': ({ name }) =>
    `The disk is full: "${name}" was not written. Make room and go on with --resume from the last checkpoint, or begin again where there is none yet.`,
  'training.not-written': ({ name, systemCode }) =>
    `"${name}" could not be written (${systemReason(systemCode)}).`,
  'training.no-cases': ({ folder }) =>
    `The folder "${folder}" holds no cases to train on; "auricle prepare" makes them.`,
  'training.points-empty': ({ name }) => `The case "${name}" has a file of points with no point in it.`,
  'training.no-dual-field': ({ name }) =>
    `The case "${name}" lacks the signed distances that the dual-field network learns (dual_field_samples.npz); "auricle prepare" makes them.`,
  'training.shares-differ': ({ categories, shares }) =>
    `${categories} sampling categories (-std_dev) need as many shares (-dist), not ${shares}.`,
  'training.shares-sum': ({ sum }) => `The shares (-dist) must add up to 1, not ${sum}.`,
  'training.resolution-of-network': ({ network, resolution }) =>
    `${network} takes images of another resolution than ${resolution} (-res).`,
  'training.init-of-other-network': ({ name, found, wanted }) =>
    `Training cannot begin with "${name}", which is ${found}, not ${wanted}.`,
  'training.init-untrainable': ({ name }) =>
    `Training cannot begin with "${name}", which finds the region; a network of distances is needed.`,
  'training.option-of-family': ({ option }) =>
    `${option} is for the networks of the NUDF family; leave it out for the dual-field network.`,
  'training.option-of-dual-field': ({ option }) =>
    `${option} is for the dual-field network; leave it out for the networks of the NUDF family.`,
  'training.init-signed': ({ name }) =>
    `Training cannot begin with "${name}", which has two outputs; only the unsigned distance alone can be trained.`,
  'training.crop-aligned': () =>
    'On the CPU parts of an image are trained on only without aligned corners; leave out --crop.',
  'training.not-finite': ({ epoch }) =>
    `The loss is no finite number in epoch ${epoch}. Checkpoints that were written stand; begin again with a smaller --learning-rate and another --name.`,
  'training.device-failed': ({ reason }, { sentence }) =>
    `The graphics device failed: ${sentence(reason)} Checkpoints that were written stand.`,
};
