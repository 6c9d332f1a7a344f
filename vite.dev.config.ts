import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { defineConfig, mergeConfig } from 'vite';
import { enginePlugin } from './dev/enginePlugin.ts';
import { vtkShaders } from './src/renderer/viewer/vtkShaders.ts';
import renderer from './vite.renderer.config.ts';

/** The port of the development server unless AURICLE_DEV_PORT names another. */
const PORT = 5280;

/**
 * The renderer's pages with hot reload, over an engine that is rebuilt and restarted when its sources change
 * (`npm run dev`; dev/README.md). Only for development: `npm run build` knows nothing of it.
 */
export default mergeConfig(
  renderer,
  defineConfig({
    base: '/',
    cacheDir: join(import.meta.dirname, 'out', 'dev', 'vite'),
    plugins: [
      enginePlugin({
        projectFolder: import.meta.dirname,
        // Apart from a person's own studies and settings.
        dataFolder: resolve(import.meta.dirname, process.env.AURICLE_DEV_DATA ?? 'out/dev/data'),
      }),
    ],
    server: {
      // The loopback interface only, and no page of another origin: as the built server.
      host: '127.0.0.1',
      port: Number(process.env.AURICLE_DEV_PORT ?? PORT),
      strictPort: true,
      cors: false,
      // Also where node_modules is a link to another folder.
      fs: { allow: [import.meta.dirname, realpathSync(join(import.meta.dirname, 'node_modules'))] },
      watch: { ignored: ['**/*.test.ts', '**/*.test.tsx'] },
    },
    optimizeDeps: {
      // The workers too: a dependency that is found only when a worker starts reloads the page.
      entries: ['**/*.html', 'workers/*.worker.ts'],
      // vtk.js imports shaders as text; the codecs' loaders find their WebAssembly by address.
      rolldownOptions: { plugins: [vtkShaders()] },
      exclude: [
        '@cornerstonejs/codec-charls',
        '@cornerstonejs/codec-libjpeg-turbo-8bit',
        '@cornerstonejs/codec-openjpeg',
        '@cornerstonejs/codec-openjph',
      ],
    },
  }),
);
