import type { FailureDeclarations } from './declaration.ts';

/** From a scan to a surface. */
export const pipelineFailures = {
  'pipeline.no-region': {},
  'pipeline.outside-box': {},
  'pipeline.results-not-written': {
    /** The operating system's code, empty where there is none. */
    systemCode: 'text',
    folder: 'text',
  },
  'pipeline.no-appendage': {},
  'pipeline.no-blood': { brightestHu: 'number' },
  'pipeline.no-contrast': { bloodHu: 'number' },
  /** What was found is dark although blood near it is bright. */
  'pipeline.not-filled': { foundHu: 'number', nearbyHu: 'number' },
  /** Share of the wall whose outer side the scan does not show. */
  'pipeline.mostly-cut': { percent: 'number' },
  'pipeline.only-slivers': { volumeMl: 'number' },
  'pipeline.too-large': { volumeMl: 'number' },
  'pipeline.impossible-ostium': { areaMm2: 'number' },
  /** How the scan may be turned: mirrored, frontToBack, upsideDown, feetFirst, prone. */
  'pipeline.turned': { turn: 'text' },
  'pipeline.seen-turned': { turn: 'text' },
  /** Whole millimetres in LPS: "x, y, z". */
  'pipeline.centre-outside': { centreLpsMm: 'text', scanCentreLpsMm: 'text' },
  'pipeline.stopped': {},
  'pipeline.no-surroundings-network': {},
  // Warnings of the scan
  'pipeline.region-unsure': {},
  'pipeline.appendage-cut': {},
  /** How many series there are. */
  'pipeline.one-phase': { series: 'number' },
  'pipeline.contrast-weak': { atriumHu: 'number' },
  'pipeline.underfilled': {},
  /** An appendage in two compartments; the depth is where the unfilled one begins. */
  'pipeline.part-unfilled': {
    unfilledMl: 'number',
    uncertaintyMl: 'number',
    unfilledHu: 'number',
    filledHu: 'number',
    fromDepthMm: 'number',
  },
  'pipeline.nothing-filled': { unfilledHu: 'number' },
  /** Dark tissue beside the surface that may be an unfilled part of the appendage and is not in it. */
  'pipeline.dark-beyond': {
    volumeMl: 'number',
    valueHu: 'number',
    fromDepthMm: 'number',
    toDepthMm: 'number',
  },
  /** Thin parts of the surface as grey as tissue, which were left out of it. */
  'pipeline.thin-grey': { volumeMl: 'number', valueHu: 'number', bloodHu: 'number' },
  'pipeline.values-saturated': { percent: 'number' },
  'pipeline.landmarks-unsure': { spreadMm: 'number' },
  /** Distances of the landmarks from the plane that fits the ostium by itself. */
  'pipeline.landmarks-disagree': { ridgeMm: 'number', circumflexMm: 'number' },
  /** The model knows the unsigned distance only: the surface is open. */
  'pipeline.open-surface': {},
  'pipeline.ragged-rim': { perimeterMm: 'number', areaMm2: 'number' },
  'pipeline.more-openings': { openings: 'number' },
} as const satisfies FailureDeclarations;
