import type { pipelineFailures } from '../../failures/pipelineFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

export const pipelineWords: WordsFor<keyof typeof pipelineFailures> = {
  'pipeline.no-region': () =>
    'No left atrial appendage was found in this series: it needs a contrast-enhanced CT that shows the whole heart.',
  'pipeline.outside-box': () =>
    'The appendage seems to lie at the edge of the box or beyond it; move the box onto it and try again.',
  'pipeline.results-not-written': ({ folder, systemCode }) =>
    `The results could not be written to the folder ${folder}${systemCode === '' ? '' : ` (${systemReason(systemCode)})`}.`,
  'pipeline.no-appendage': () =>
    'No left atrial appendage could be distinguished from its surroundings in this series.',
  'pipeline.no-contrast': ({ bloodHu }) =>
    `The left atrium measures ${bloodHu.toFixed(0)} HU: this scan has no (or too little) contrast in the left heart, and the appendage cannot be segmented.`,
  'pipeline.stopped': () =>
    'The segmentation engine stopped and was started again; nothing of your work is lost. Try again.',

  'pipeline.region-unsure': () =>
    'The region network is not sure that this is the appendage; check the position first.',
  'pipeline.appendage-cut': () =>
    'The appendage is cut by the edge of the scan or of the region: its volume and depth are not given.',
  'pipeline.contrast-weak': ({ atriumHu }) =>
    `The contrast in the left atrium is weak (${atriumHu.toFixed(0)} HU).`,
  'pipeline.values-saturated': ({ percent }) =>
    `${percent.toFixed(1)} % of the voxels lie beyond the range of Hounsfield units: the files may call signed values unsigned.`,
  'pipeline.underfilled': () =>
    'The appendage is much darker than the atrium: slow flow or thrombus; its tip may be missing from the surface.',
  'pipeline.landmarks-unsure': ({ spreadMm }) =>
    `The ostium's plane is unsure: the model does not find the ridge or the circumflex artery (what points at them disagrees by ${spreadMm.toFixed(0)} mm); check it.`,
  'pipeline.landmarks-disagree': ({ ridgeMm, circumflexMm }) =>
    `The ostium's plane is unsure: by itself it would lie ${ridgeMm.toFixed(0)} mm from the ridge and ${circumflexMm.toFixed(0)} mm from the circumflex artery as the model finds them; check it.`,
  'pipeline.open-surface': () =>
    'The model gives an open surface: the ostium is its rim, and volume and depth are those of the surface closed by a cap that spans the rim.',
  'pipeline.ragged-rim': ({ perimeterMm, areaMm2 }) =>
    `The surface ends in a ragged rim (${perimeterMm.toFixed(0)} mm round an opening of ${areaMm2.toFixed(0)} mm²), as where a model does not know the anatomy: ostium, volume and depth are not given.`,
  'pipeline.more-openings': ({ openings }) =>
    `The surface has ${openings} openings; the longest rim is taken for the ostium, and caps close the others too.`,
};
