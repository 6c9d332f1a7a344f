export { type LumenSurfaces, PATCH, type PatchName, patchNames } from './lumenPatches.ts';
export {
  type SimulationMesh,
  type SimulationMeshOptions,
  type SimulationMeshReport,
  simulationMesh,
} from './simulationMesh.ts';
