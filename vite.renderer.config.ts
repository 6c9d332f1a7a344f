import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { vtkShaders } from './src/renderer/viewer/vtkShaders.ts';

/** Builds the renderer's pages into dist/renderer. Relative, for the browser target serves them and Electron loads them. */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [react(), vtkShaders()],
  worker: { format: 'es' },
  build: {
    target: 'chrome130',
    outDir: '../../dist/renderer',
    emptyOutDir: true,
    sourcemap: true,
    // The content security policy allows no data: scripts, and inlined assets would need data: everywhere.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
  },
});
