import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { bundledPackages } from './tools/packaging/bundledPackages.ts';

/** What Node starts: the programs and their worker threads and processes. */
const ENTRIES = {
  cli: 'src/main/entry.cli.ts',
  server: 'src/main/entry.server.ts',
  electron: 'src/main/entry.electron.ts',
  'caseReading.worker': 'src/main/workers/caseReading.worker.ts',
  'decode.worker': 'src/main/studies/decode.worker.ts',
  'drawing.worker': 'src/main/workers/drawing.worker.ts',
  'example.worker': 'src/main/workers/example.worker.ts',
  'inference.process': 'src/main/workers/inference.process.ts',
  'meshing.worker': 'src/main/workers/meshing.worker.ts',
  'prepare.worker': 'src/main/workers/prepare.worker.ts',
  'renderCt.worker': 'src/main/workers/renderCt.worker.ts',
};

/**
 * What no bundle can hold: native libraries, the runtime itself, and decoders whose loaders look for their WebAssembly in
 * their own folder. Of these installers pack ONNX Runtime, PDFium and the small decoders (electron-builder.yml).
 */
const EXTERNAL = [
  'electron',
  'onnxruntime-node',
  'webgpu',
  '@tensorflow/tfjs-node-gpu',
  '@cornerstonejs/codec-charls',
  '@cornerstonejs/codec-libjpeg-turbo-8bit',
  '@cornerstonejs/codec-openjpeg',
  '@cornerstonejs/codec-openjph',
  '@hyzyla/pdfium',
  '@itk-wasm/image-io',
];

/** What packages written as CommonJS expect in each file, and modules have not. */
const COMMON_JS = 'const { filename: __filename, dirname: __dirname } = import.meta;';

/**
 * `memorystream`, of the classic DICOM protocol's library, makes buffers as Node once did; as a part of our program each
 * start would be greeted with a warning.
 */
const presentBuffers: Plugin = {
  name: 'present-buffers',
  transform: {
    // By a filter, so that the bundler hands over no other of its thousands of modules.
    filter: { id: /\/node_modules\/memorystream\// },
    handler: (code) =>
      code
        .replaceAll('new Buffer(this._getQueueSize())', 'Buffer.alloc(this._getQueueSize())')
        .replaceAll('new Buffer(', 'Buffer.from('),
  },
};

/** Builds the programs and their worker threads, with the packages that they use, into dist/main. */
export default defineConfig({
  plugins: [bundledPackages(import.meta.dirname).page(), presentBuffers],
  // TensorFlow.js' CommonJS bundle leaves the gradients out; its ES modules have them but only a bundler can load them.
  resolve: {
    mainFields: ['module', 'main'],
    alias: { bufferutil: fileURLToPath(new URL('src/main/transport/socketMask.ts', import.meta.url)) },
  },
  ssr: { noExternal: true, external: [...EXTERNAL] },
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
      output: { banner: COMMON_JS, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
