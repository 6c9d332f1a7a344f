// Runs a tool that is written in TypeScript: node tools/run.js architecture/lint.ts [arguments].
import { resolve } from 'node:path';
import process from 'node:process';
import { runnerImport } from 'vite';

const { module } = await runnerImport(resolve(import.meta.dirname, process.argv[2] ?? ''), {
  configFile: false,
  logLevel: 'error',
});
process.exitCode = await module.default(process.argv.slice(3));
