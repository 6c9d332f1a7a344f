export { DeviceTableSettings } from './DeviceTableSettings.tsx';
export { LandmarkSection } from './LandmarkSection.tsx';
export { createLandmarks, isLandmark, type Landmarks, landmarkPoints } from './landmarks.ts';
export { PlanPanel } from './PlanPanel.tsx';
export {
  createPlanning,
  type Planning,
  type PlanningState,
  USUAL_LANDING_ZONE_MM,
} from './planningStore.ts';
