export { readCaseAt, readSurface } from './caseFolders.ts';
export { METRIC_COLUMNS, onlyRim } from './caseMetrics.ts';
export { compareSurfaces } from './compareSurfaces.ts';
export { diceOfClosedMeshes, diceOfMasks, diceOfMaskVolumes } from './dice.ts';
export { evaluateFolders, type FolderEvaluation } from './evaluateFolders.ts';
export { EVALUATION_FILE_NAMES, evaluationFiles, evaluationJson } from './evaluationFiles.ts';
export { assertSameFrame, readResultToCompare, resultToCompare } from './resultToCompare.ts';
export { distanceToLoop, evaluateRims, type RimMetrics } from './rimMetrics.ts';
export { evaluateSurfaces, type SurfaceMetrics } from './surfaceMetrics.ts';
