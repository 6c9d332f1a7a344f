// electron-builder calls this with each folder that it has packed (afterPack in electron-builder.yml).
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

export default async function afterPack({ appOutDir, electronPlatformName }) {
  if (electronPlatformName !== 'win32') return;
  const { module } = await runnerImport(resolve(import.meta.dirname, 'addVisualCRuntime.ts'), {
    configFile: false,
    logLevel: 'error',
  });
  module.addVisualCRuntime(appOutDir);
}
