import type { FailureDeclarations } from './declaration.ts';

/** Surfaces remeshed for simulation: why one does not permit it. */
export const remeshingFailures = {
  'remeshing.not-a-surface': {},
  'remeshing.openings': { openings: 'number' },
  'remeshing.pieces': { pieces: 'number' },
  'remeshing.handles': { handles: 'number' },
  'remeshing.crosses-itself': { crossings: 'number' },
  'remeshing.too-small': { edgeMm: 'number' },
  'remeshing.too-large': { edgeMm: 'number' },
  'remeshing.folds-lost': { edgeMm: 'number' },
  'remeshing.angles-too-small': { edgeMm: 'number', leastDegrees: 'number' },
  'remeshing.volume-not-kept': { edgeMm: 'number', changePercent: 'number' },
  'remeshing.inlet-without-ostium': {},
  'remeshing.inlet-too-short': { lengthMm: 'number', leastMm: 'number' },
  'remeshing.outline-crosses': {},
  'remeshing.inlet-meets-wall': { inletMm: 'number' },
} as const satisfies FailureDeclarations;
