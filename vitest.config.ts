import { configDefaults, defineConfig } from 'vitest/config';

/** Beside the code, but seconds rather than milliseconds: a software graphics processor, whole phantoms, real scans. */
const SLOW = 'src/**/*.slow.test.{ts,tsx}';

/** Fast tests of single modules, beside them: no browser, no graphics processor, no built program. */
const unit = {
  name: 'unit',
  include: ['{src,tools}/**/*.test.{ts,tsx}'],
  exclude: [...configDefaults.exclude, SLOW],
  setupFiles: ['src/renderer/lifecycle/testing/strictLifecycles.ts'],
  maxWorkers: 2,
  sequence: { groupOrder: 0 },
};

/** Whole methods on real data, and the built program from outside. */
const integration = {
  name: 'integration',
  include: [SLOW, 'test/**/*.test.ts'],
  globalSetup: ['test/swiftshader.ts'],
  maxWorkers: 2,
  sequence: { groupOrder: 0 },
};

/** The application in a browser, after all others: two specs at a time, each with a server and a browser of its own. */
const endToEnd = {
  name: 'e2e',
  include: ['e2e/**/*.test.ts'],
  globalSetup: ['e2e/fixtures/globalSetup.ts'],
  maxWorkers: 2,
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
    projects: [unit, integration, endToEnd].map((test) => ({ extends: true, test })),
  },
});
