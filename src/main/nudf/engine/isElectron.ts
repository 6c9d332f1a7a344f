import process from 'node:process';

/**
 * Whether this process runs on Electron, where Dawn (the package `webgpu`) must never be loaded. Electron builds V8 with
 * its memory cage: memory of native code cannot become an ArrayBuffer (napi_create_external_arraybuffer answers
 * napi_no_external_buffers_allowed). Dawn reads every buffer that way, and the clean-up after that error ends the
 * process; on Windows, besides, its binary looks for a node.exe that Electron does not have.
 */
export const isElectron = (): boolean => process.versions.electron !== undefined;
