import { defineConfig } from 'vitest/config';

export default defineConfig({
  // TensorFlow.js' CommonJS bundle leaves the gradients out; its ES modules have them, and must be loaded once only.
  resolve: { mainFields: ['module', 'main'] },
  test: {
    server: { deps: { inline: [/@tensorflow\//] } },
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/swiftshader.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
  },
});
