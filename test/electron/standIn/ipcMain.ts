import { EventEmitter } from 'node:events';

/** https://www.electronjs.org/docs/latest/api/ipc-main; its channels are the application's own. */
export const ipcMain = new EventEmitter();
