/** The stand-in for the module `electron` in the main process: what Auricle uses, with Electron's rules. */
export { app } from './app.ts';
export { MessageChannelMain } from './messagePorts.ts';
export { UtilityProcess as utilityProcess } from './utilityProcess.ts';
