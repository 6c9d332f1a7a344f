import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { vtkShaders } from './src/renderer/viewer/vtkShaders.ts';
import { bundledPackages } from './tools/packaging/bundledPackages.ts';

const ABSENT = '\0absent-in-browsers';

/**
 * The codecs' WebAssembly loaders name Node's modules for a branch that a browser never takes. By filters, the bundler
 * itself sees which few of the modules are meant.
 */
const withoutNodeModules = (): Plugin => ({
  name: 'without-node-modules',
  enforce: 'pre',
  resolveId: { filter: { id: /^(?:fs|path)$/ }, handler: () => ABSENT },
  load: { filter: { id: new RegExp(`^${ABSENT}$`) }, handler: () => 'export default {};' },
});

const bundled = bundledPackages(import.meta.dirname);

/** Builds the renderer's pages into dist/renderer. Relative, for the browser target serves them and Electron loads them. */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [withoutNodeModules(), react(), vtkShaders(), bundled.page()],
  worker: { format: 'es', plugins: () => [withoutNodeModules(), bundled.worker()] },
  build: {
    target: 'chrome130',
    outDir: '../../dist/renderer',
    emptyOutDir: true,
    sourcemap: true,
    // Nobody reads them; half a second.
    reportCompressedSize: false,
    // The content security policy allows no data: scripts, and inlined assets would need data: everywhere.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
  },
});
