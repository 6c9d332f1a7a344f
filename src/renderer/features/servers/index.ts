export { FromServerDialog } from './FromServerDialog.tsx';
export { SendDialog } from './SendDialog.tsx';
export { ServerSettings } from './ServerSettings.tsx';
export { createServers, type Servers } from './serversStore.ts';
