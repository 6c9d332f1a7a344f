import type { predictionFailures } from '../../failures/predictionFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const predictionWords: WordsFor<keyof typeof predictionFailures> = {
  'prediction.no-checkpoint': ({ experiment }) =>
    `The experiment "${experiment}" has no checkpoint (checkpoint_epoch_N.tar).`,
  'prediction.no-such-checkpoint': ({ experiment, epoch, last }) =>
    `The experiment "${experiment}" has no checkpoint of epoch ${epoch}; its last is ${last}.`,
  'prediction.no-cases': ({ folder, part }) => `The folder "${folder}" has no cases for "${part}".`,
  'prediction.heads-unknown': ({ heads }) =>
    `"${heads}" are no outputs; one of unsigned; signed; signed,class; unsigned,class is needed.`,
  'prediction.empty-cloud': ({ name }) =>
    `The network finds no surface in "${name}": its distance vanishes nowhere in the cube.`,
  'prediction.no-surface': ({ fileName }) =>
    `The points of ${fileName} are too few, or enclose too little, to make a surface of.`,
  'prediction.cloud-not-followed': ({ percent }) =>
    `Poisson reconstruction failed: only ${percent} % of the points lie on the surface that it made, so none is given.`,
  'prediction.cloud-looks-normalised': ({ fileName }) =>
    `The points of ${fileName} lie within 1.5 mm of the origin, as normalised coordinates would: --unit-mm 35 makes mm of them.`,
};
