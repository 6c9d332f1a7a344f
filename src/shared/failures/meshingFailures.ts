import type { FailureDeclarations } from './declaration.ts';

/** Surfaces: comparing them, cutting them at a plane, making them of labels. */
export const meshingFailures = {
  'meshing.nothing-to-compare': {},
  'meshing.uncuttable': {},
  'meshing.plane-misses-lumen': {},
  'meshing.nothing-beyond-plane': {},
  'meshing.too-little-left': {},
  'meshing.nothing-labelled': {},
  'meshing.labels-too-thin': {},
  'meshing.stopped': {},
  // Warnings of a surface
  'meshing.no-ostium': {},
  'meshing.volume-unusual': { volumeMl: 'number' },
  'meshing.ostium-unusual': { areaMm2: 'number' },
  'meshing.pieces-left-out': { pieces: 'number', volumeMl: 'number' },
  'meshing.drawn-anew': {},
  'meshing.drawn-from-voxels': {},
  'meshing.rim-edited': {},
  'meshing.edit-at-ostium': {},
  'meshing.plane-misses-appendage': {},
  /** The ostium lies beyond the one that was found: how far, at its middle, and how much of its rim is on no wall. */
  'meshing.ostium-in-atrium': { mm: 'number', openShare: 'number' },
  'meshing.too-far-into-atrium': { mostMm: 'number' },
  'meshing.opens-into-atrium': {},
  'meshing.atrium-not-joined': {},
  'meshing.own-end-taken': {},
  'meshing.continued-to-plane': { outsideMm: 'number' },
  'meshing.plane-partly-outside': {},
  'meshing.cut-off-beside': { volumeMl: 'number' },
} as const satisfies FailureDeclarations;
