export { cropToGrid, cropVolume } from './cropVolume.ts';
export { RegionPanel } from './RegionPanel.tsx';
export { createRegions, type RegionState, type RegionStep, type Regions, sameRegion } from './regionStore.ts';
