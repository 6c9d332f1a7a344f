export { diceOfClosedMeshes, diceOfMasks, diceOfMaskVolumes } from './dice.ts';
export { distanceToLoop, evaluateRims, type RimMetrics } from './rimMetrics.ts';
export { evaluateSurfaces, type SurfaceMetrics } from './surfaceMetrics.ts';
export { type SurfaceSamples, sampleSurface } from './surfaceSamples.ts';
