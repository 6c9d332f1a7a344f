import { existsSync } from 'node:fs';
import { defineConfig } from 'vite';

/** What Node starts: the programs and their worker threads. */
const ENTRIES = {
  cli: 'src/main/entry.cli.ts',
  server: 'src/main/entry.server.ts',
  electron: 'src/main/entry.electron.ts',
  'example.worker': 'src/main/workers/example.worker.ts',
  'inference.worker': 'src/main/workers/inference.worker.ts',
  'meshing.worker': 'src/main/workers/meshing.worker.ts',
  'prepare.worker': 'src/main/workers/prepare.worker.ts',
  'renderCt.worker': 'src/main/workers/renderCt.worker.ts',
};

/** Builds the programs and their worker threads into dist/main; dependencies stay in node_modules, except TensorFlow.js. */
export default defineConfig({
  // TensorFlow.js' CommonJS bundle leaves the gradients out; its ES modules have them but only a bundler can load them.
  resolve: { mainFields: ['module', 'main'] },
  ssr: { noExternal: [/@tensorflow\/tfjs-(core|backend)/], external: ['electron'] },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/main',
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    chunkSizeWarningLimit: 5000,
    rollupOptions: {
      input: Object.fromEntries(
        Object.entries(ENTRIES).filter(([, file]) => existsSync(new URL(file, import.meta.url))),
      ),
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
