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
} as const satisfies FailureDeclarations;
