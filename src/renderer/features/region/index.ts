export { cropVolume } from './cropVolume.ts';
export { RegionPanel } from './RegionPanel.tsx';
export { createRegions, type RegionState, type Regions } from './regionStore.ts';
