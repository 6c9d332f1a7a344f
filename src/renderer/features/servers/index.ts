export { FromServerDialog } from './FromServerDialog.tsx';
export { ReceivingSettings } from './ReceivingSettings.tsx';
export { createReceivedStudies, type ReceivedStudies } from './receivingStore.ts';
export { SendDialog } from './SendDialog.tsx';
export { ServerSettings } from './ServerSettings.tsx';
export { createServers, type Servers } from './serversStore.ts';
