export { type CArm, type CArmState, createCArm } from './cArm.ts';
export { DeviceSection } from './DeviceSection.tsx';
export { DeviceTableSettings } from './DeviceTableSettings.tsx';
export { foundPlaces } from './foundPlaces.ts';
export { LandmarkSection } from './LandmarkSection.tsx';
export { createLandmarks, isLandmark, type Landmarks, landmarkPoints } from './landmarks.ts';
export { createLineCorrection, type LineCorrection, linePointOf, linePoints } from './lineCorrection.ts';
export { OutlineSection } from './OutlineSection.tsx';
export {
  createOutlineCorrection,
  type OutlineCorrection,
  type OutlineCorrectionState,
  outlinePointOf,
  outlinePoints,
} from './outlineCorrection.ts';
export { PlanPanel } from './PlanPanel.tsx';
export { createPlacedDevice, type PlacedDevice, type PlacedDeviceState } from './placedDevice.ts';
export { correctedNumbers, isPlanStale, type PlanningState } from './planningState.ts';
export { createPlanning, type Planning, USUAL_LANDING_ZONE_MM } from './planningStore.ts';
export { SurroundingsSection } from './SurroundingsSection.tsx';
export { createLookingAround, type LookingAround } from './surroundingsStore.ts';
export { alongLineMm, ZONE_HANDLE, zoneHandle } from './zoneHandle.ts';
