/** The stand-in for the module `electron` in the main process: what Auricle uses, with Electron's rules. */
import './actions.ts';

export { app } from './app.ts';
export { BrowserWindow } from './browserWindow.ts';
export { dialog } from './dialog.ts';
export { ipcMain } from './ipcMain.ts';
export { Menu } from './menu.ts';
export { MessageChannelMain } from './messagePorts.ts';
export { safeStorage } from './safeStorage.ts';
export { screen } from './screen.ts';
export { protocol, session } from './session.ts';
export { UtilityProcess as utilityProcess } from './utilityProcess.ts';
