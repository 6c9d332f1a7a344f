import { defineConfig } from 'vite';

/** Builds Electron's preload script into dist/preload: one CommonJS file, for a sandboxed preload script can load no other. */
export default defineConfig({
  build: {
    target: 'chrome130',
    outDir: 'dist/preload',
    emptyOutDir: true,
    minify: false,
    lib: { entry: 'src/main/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    rollupOptions: { external: ['electron'] },
  },
});
