import type { pipelineFailures } from '../../failures/pipelineFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

const TURNED: Readonly<Record<string, string>> = {
  mirrored: 'mirrored left to right',
  frontToBack: 'mirrored front to back',
  upsideDown: 'mirrored top to bottom',
  feetFirst: 'turned upside down',
  prone: 'turned front to back',
};

export const pipelineWords: WordsFor<keyof typeof pipelineFailures> = {
  'pipeline.no-region': () =>
    'No left atrial appendage was found in this series: it needs a contrast-enhanced CT that shows the whole heart.',
  'pipeline.outside-box': () =>
    'The appendage seems to lie at the edge of the box or beyond it: move the box onto it and try again.',
  'pipeline.results-not-written': ({ folder, systemCode }) =>
    `The results could not be written to the folder ${folder}${systemCode === '' ? '' : ` (${systemReason(systemCode)})`}.`,
  'pipeline.no-appendage': () => 'No left atrial appendage could be delineated in this series.',
  'pipeline.no-blood': ({ brightestHu }) =>
    `No left atrial appendage could be delineated: nothing in the region is as bright as blood with contrast (the brightest soft tissue measures ${brightestHu.toFixed(0)} HU).`,
  'pipeline.no-contrast': ({ bloodHu }) =>
    `The left atrium measures ${bloodHu.toFixed(0)} HU: too little or no contrast in the left heart to segment the appendage.`,
  'pipeline.not-filled': ({ foundHu, nearbyHu }) =>
    `No left atrial appendage was found: what resembles one is not filled with contrast (${foundHu.toFixed(0)} HU, the blood near it ${nearbyHu.toFixed(0)} HU); it may be closed or removed, or the scan does not show it.`,
  'pipeline.mostly-cut': ({ percent }) =>
    `The scan ends within the appendage: ${percent.toFixed(0)} % of its surface lies at the edge of the scan, and nothing can be measured.`,
  'pipeline.only-slivers': ({ volumeMl }) =>
    `No left atrial appendage was found: what resembles one holds only ${volumeMl.toFixed(1)} mL; the scan may end at its ostium, or it may be closed or removed.`,
  'pipeline.too-large': ({ volumeMl }) =>
    `What was found holds ${volumeMl.toFixed(0)} mL, far more than any appendage: it is not the appendage alone.`,
  'pipeline.impossible-ostium': ({ areaMm2 }) =>
    `What was found has an ostium of ${areaMm2.toFixed(0)} mm², far from any that is published (100 to 1000 mm²): it is not the appendage, or not all of it.`,
  'pipeline.turned': ({ turn }) =>
    `It is not sure that this is the appendage, and one is seen more clearly when the scan is ${TURNED[turn] ?? 'turned'}: the scan may be stored the wrong way round, or does not show the appendage.`,
  'pipeline.seen-turned': ({ turn }) =>
    `No left atrial appendage was found in this scan as it is stored, but one is seen when the scan is ${TURNED[turn] ?? 'turned'}: it may be stored the wrong way round.`,
  'pipeline.centre-outside': ({ centreLpsMm, scanCentreLpsMm }) =>
    `The point (${centreLpsMm}) mm lies outside of the scan, whose centre is at (${scanCentreLpsMm}) mm (LPS).`,
  'pipeline.no-surroundings-network': () =>
    'The model that finds the surroundings of the appendage is not installed.',
  'pipeline.stopped': () =>
    'The segmentation engine stopped and was restarted. None of your work is lost; try again.',

  'pipeline.region-unsure': () =>
    'Low confidence that this is the appendage: check the position of the box first.',
  'pipeline.appendage-cut': () =>
    'The appendage is truncated at the edge of the scan or of the region: volume and depth are withheld.',
  'pipeline.one-phase': ({ series }) =>
    `No two of the ${series} series are phases of one heart cycle by their headers; auricle segment segments a single one.`,
  'pipeline.contrast-weak': ({ atriumHu }) => `Weak contrast in the left atrium (${atriumHu.toFixed(0)} HU).`,
  'pipeline.values-saturated': ({ percent }) =>
    `${percent.toFixed(1)} % of the voxels lie beyond the range of Hounsfield units: the files may call signed values unsigned.`,
  'pipeline.underfilled': () =>
    'The appendage is much darker than the atrium: slow flow or thrombus; the tip may be missing from the surface.',
  'pipeline.part-unfilled': ({ unfilledMl, uncertaintyMl, unfilledHu, filledHu, fromDepthMm }) =>
    `${unfilledMl.toFixed(1)} mL of the appendage (± ${Math.max(0.1, uncertaintyMl).toFixed(1)} mL by noise), from ${fromDepthMm.toFixed(0)} mm beyond the ostium on, are not filled with contrast: ${unfilledHu.toFixed(0)} HU against ${filledHu.toFixed(0)} HU. Thrombus and slow flow cannot be told apart. Volume and depth include this part.`,
  'pipeline.nothing-filled': ({ unfilledHu }) =>
    `The appendage is not filled with contrast (${unfilledHu.toFixed(0)} HU): thrombus and slow flow cannot be told apart, and the tip may be missing from the surface.`,
  'pipeline.dark-beyond': ({ volumeMl, valueHu, fromDepthMm, toDepthMm }) =>
    `Dark tissue beside the surface (at least ${volumeMl.toFixed(1)} mL of ${valueHu.toFixed(0)} HU, ${fromDepthMm.toFixed(0)} to ${toDepthMm.toFixed(0)} mm beyond the ostium) may be an unfilled part of the appendage (thrombus or slow flow): surface, volume and depth leave it out. Check it.`,
  'pipeline.thin-grey': ({ volumeMl, valueHu, bloodHu }) =>
    `Thin grey tissue at an end of the appendage (${volumeMl.toFixed(2)} mL of ${valueHu.toFixed(0)} HU, blood ${bloodHu.toFixed(0)} HU) was left out: surface, volume and depth do not include it. Check it.`,
  'pipeline.landmarks-unsure': ({ spreadMm }) =>
    `The ostial plane is uncertain: the ridge or the circumflex artery was not found reliably (spread ${spreadMm.toFixed(1)} mm). On phantoms half of such planes are off by more than 10°. Check it.`,
  'pipeline.landmarks-disagree': ({ ridgeMm, circumflexMm }) =>
    `The ostial plane is uncertain: unconstrained it would lie ${ridgeMm.toFixed(0)} mm from the ridge and ${circumflexMm.toFixed(0)} mm from the circumflex artery. Check it.`,
  'pipeline.open-surface': () =>
    'The model gives an open surface: the ostium is its rim; volume and depth are those of the surface closed by a cap across the rim.',
  'pipeline.ragged-rim': ({ perimeterMm, areaMm2 }) =>
    `The surface ends in a ragged rim (${perimeterMm.toFixed(0)} mm round an opening of ${areaMm2.toFixed(0)} mm²), as where the model fails on the anatomy: ostium, volume and depth are withheld.`,
  'pipeline.more-openings': ({ openings }) =>
    `The surface has ${openings} openings; the longest rim is taken as the ostium, and the others are closed by caps.`,
};
