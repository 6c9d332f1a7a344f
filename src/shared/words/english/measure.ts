import type { measureFailures } from '../../failures/measureFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const measureWords: WordsFor<keyof typeof measureFailures> = {
  'measure.appendage-cut': () => 'The appendage is truncated by the scan.',
  'measure.ostium-cut': () => 'The ostium is truncated by the scan.',
  'measure.values-eight-bit': ({ levels, lowest, highest }) =>
    `The values run from ${lowest} to ${highest} in ${levels} steps, as in data of 8 bits, and are not full Hounsfield units.`,
  'measure.values-windowed': ({ lowest, highest }) =>
    `The values were cut off below ${lowest} or above ${highest}, as in pictures of a window, and are not full Hounsfield units.`,
  'measure.contrast-too-weak': ({ bloodHu, limitHu }) =>
    `The blood measures ${bloodHu.toFixed(0)} HU, as in venous scans; below ${limitHu} HU the model is not proven.`,
  'measure.scan-ends': ({ percent }) =>
    `The scan ends at ${percent.toFixed(0)} % of the appendage’s surface.`,
  'measure.scan-ends-at-ostium': () => 'The scan ends at the ostium.',
  'measure.surface-unsure': ({ percent }) =>
    `It is not sure that this surface is the appendage’s (confidence ${percent} %).`,
  'measure.rim-ragged': () => 'The surface ends in a ragged rim.',
  'measure.no-ostium': () => 'No ostium found.',
  'measure.not-measurable': () => 'Not measurable on this surface.',
  'measure.outline-ragged': ({ excessPercent }) =>
    `The outline is ragged: its perimeter is ${excessPercent.toFixed(0)} % longer than that of its convex hull.`,
  'measure.section-flat': ({ timesAsLong }) =>
    `The section is ${timesAsLong.toFixed(1)} times as long as wide, too flat for an equivalent circle.`,
  'measure.too-shallow': ({ depthMm, distanceMm }) =>
    `The appendage is only ${depthMm.toFixed(1)} mm deep, less than ${distanceMm} mm.`,
  'measure.section-through-ostium': () => ({
    sentence: 'Not measurable: the perpendicular plane here intersects the ostium.',
    clause: 'the perpendicular plane here intersects the ostium',
  }),
  'measure.section-wider-than-ostium': ({ sectionMm, ostiumMm }) =>
    `The section is wider than the ostium (${sectionMm.toFixed(1)} against ${ostiumMm.toFixed(1)} mm, from their areas) and may run along a lobe.`,
  'measure.no-bend': () => 'No bend > 45° found.',
  'measure.bend-gradual': ({ overMm }) =>
    `The centre line turns gradually, over ${overMm.toFixed(0)} mm, without a single bend.`,
  'measure.none-given': ({ reason }, { clause }) => `No measurement is given: ${clause(reason)}.`,
  'measure.ostium-doubtful': ({ reason }, { clause }) => `Ostium, measurements withheld: ${clause(reason)}.`,
  'measure.landing-zone-doubtful': ({ distanceMm, reason }, { clause }) =>
    `Landing zone at ${distanceMm} mm, measurements withheld: ${clause(reason)}.`,
  'measure.ostium-spur': ({ lengthMm }) =>
    `The ostium’s outline has a spur of ${lengthMm.toFixed(1)} mm, thinner than 3 mm, excluded from its measurements.`,
  'measure.landing-zone-spur': ({ distanceMm, lengthMm }) =>
    `The landing zone at ${distanceMm} mm has a spur of ${lengthMm.toFixed(1)} mm, thinner than 3 mm, excluded from its measurements.`,
  'measure.tip-spur': ({ lengthMm }) =>
    `A spur thinner than 3 mm reaches ${lengthMm.toFixed(1)} mm beyond the tip; it is excluded from the depth.`,
  'measure.handles': ({ handles }) =>
    `The surface has ${handles === 1 ? 'a topological handle' : `${handles} topological handles`}: parts of the lumen that touch may have been joined.`,
  'measure.faces-pierce': ({ faces }) =>
    `The surface intersects itself (${faces} faces); check it before it is printed or simulated.`,
};
