import type { FailureDeclarations } from './declaration.ts';

/** Why a number of a surface is not given, and what to know of one that is. */
export const measureFailures = {
  'measure.appendage-cut': {},
  /** The scan ends at the ostium. */
  'measure.ostium-cut': {},
  // Why no number at all is given
  'measure.values-eight-bit': { levels: 'number', lowest: 'number', highest: 'number' },
  'measure.values-windowed': { lowest: 'number', highest: 'number' },
  'measure.contrast-too-weak': { bloodHu: 'number', limitHu: 'number' },
  'measure.scan-ends': { percent: 'number' },
  'measure.scan-ends-at-ostium': {},
  'measure.surface-unsure': { percent: 'number' },
  'measure.rim-ragged': {},
  'measure.no-ostium': {},
  'measure.not-measurable': {},
  'measure.outline-ragged': { excessPercent: 'number' },
  'measure.section-flat': { timesAsLong: 'number' },
  'measure.too-shallow': { depthMm: 'number', distanceMm: 'number' },
  'measure.section-through-ostium': {},
  'measure.section-wider-than-ostium': { sectionMm: 'number', ostiumMm: 'number' },
  'measure.no-bend': {},
  'measure.bend-gradual': { overMm: 'number' },
  // Warnings of numbers
  'measure.none-given': { reason: 'failure' },
  'measure.ostium-doubtful': { reason: 'failure' },
  'measure.landing-zone-doubtful': { distanceMm: 'number', reason: 'failure' },
  'measure.ostium-spur': { lengthMm: 'number' },
  'measure.landing-zone-spur': { distanceMm: 'number', lengthMm: 'number' },
  'measure.tip-spur': { lengthMm: 'number' },
  'measure.handles': { handles: 'number' },
  'measure.faces-pierce': { faces: 'number' },
} as const satisfies FailureDeclarations;
