// Bundles a benchmark with its worker threads into dist/bench and runs it: node bench/run.js NAME [arguments].
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { build } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
await build({
  entryPoints: {
    [name]: `bench/${name}.ts`,
    'decode.worker': 'src/main/studies/decode.worker.ts',
    'renderCt.worker': 'src/main/workers/renderCt.worker.ts',
    'example.worker': 'src/main/workers/example.worker.ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  external: [
    'onnxruntime-node',
    'webgpu',
    'playwright-core',
    '@sparticuz/chromium',
    '@cornerstonejs/*',
    '@hyzyla/pdfium',
    '@itk-wasm/image-io',
  ],
  banner: {
    js: 'import{createRequire as requireFrom}from"node:module";const require=requireFrom(import.meta.url);',
  },
  outdir: 'dist/bench',
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, [`dist/bench/${name}.js`, ...rest], { stdio: 'inherit' });
process.exitCode = status ?? 1;
