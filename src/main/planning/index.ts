export { type DeviceInResult, type DeviceRequest, deviceInResult, namedPose } from './deviceInResult.ts';
export { deviceTables, OWN_TABLES, parseDeviceTables, readDeviceTables } from './deviceTables.ts';
export { lumenProfile, type MeasuredAlongLine, measureAlongLine, surfaceLine } from './lumenProfile.ts';
export { type PlannedResult, readPlannedResult } from './plannedResult.ts';
export { profileCsv } from './profileCsv.ts';
export { type ReaderFiles, replannedResult } from './replannedResult.ts';
