export { DeviceTableSettings } from './DeviceTableSettings.tsx';
export { PlanPanel } from './PlanPanel.tsx';
export { createPlanning, type Planning, type PlanningState } from './planningStore.ts';
