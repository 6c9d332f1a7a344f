import { defineConfig } from 'vitest/config';

/** The end-to-end tests measure pixels and memory, so they run alone, after all others. */
const endToEnd = {
  name: 'e2e',
  include: ['e2e/**/*.test.ts'],
  globalSetup: ['e2e/fixtures/globalSetup.ts'],
  maxWorkers: 1,
  sequence: { groupOrder: 1 },
};

export default defineConfig({
  // TensorFlow.js' CommonJS bundle leaves the gradients out; its ES modules have them, and must be loaded once only.
  resolve: { mainFields: ['module', 'main'] },
  test: {
    server: { deps: { inline: [/@tensorflow\//] } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          globalSetup: ['test/swiftshader.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: endToEnd },
    ],
  },
});
