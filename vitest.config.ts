import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, half a minute to a minute on two cores. They begin first: one that began last would run
 * while the other core waits.
 */
const LONGEST = [
  'e2e/specs/reconnecting',
  'test/services/segmentation',
  'test/cli/realCt',
  'e2e/specs/region',
  'e2e/specs/oneClick',
  'test/packages/packages',
  'test/cli/phantom',
  'e2e/specs/cancelling',
  'nudf/kernels/conv3d',
  'nudf/engine/webgpuAgreement',
  'training/fieldTask',
  'training/regionTask',
  'test/cli/endToEnd',
  'e2e/specs/sessions',
  'e2e/specs/dropping',
  'nudf/kernels/fusedOps',
];

/** The longest files first, then whole methods and programs, then single modules. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.includes(name));
      if (place >= 0) return place;
      return /\.slow\.test\.|\/test\/|\/e2e\//.test(moduleId) ? LONGEST.length : LONGEST.length + 1;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** Beside the code, but seconds rather than milliseconds: a software graphics processor, whole phantoms, real scans. */
const SLOW = 'src/**/*.slow.test.{ts,tsx}';

/** One more than CI has cores: tests wait for timers, processes and browsers for a sixth of their time. */
const MAX_WORKERS = 3;

/**
 * The files of a worker share its process and what they import, which can take longer to load than the tests take to
 * run: a test restores what it changes in its process, and replaces a module's function (`vi.spyOn`) rather than the
 * module (`vi.mock`).
 */
const SHARED_PROCESSES = { isolate: false, maxWorkers: MAX_WORKERS } as const;

/** Fast tests of single modules, beside them: no browser, no graphics processor, no built program. */
const unit = {
  name: 'unit',
  include: ['{src,tools}/**/*.test.{ts,tsx}'],
  exclude: [...configDefaults.exclude, SLOW],
  setupFiles: ['src/shared/lifecycle/testing/strictLifecycles.ts', 'test/quickEquality.ts'],
  ...SHARED_PROCESSES,
  sequence: { groupOrder: 0 },
};

/** Whole methods on real data, and the built program from outside. */
const integration = {
  name: 'integration',
  include: [SLOW, 'test/**/*.test.ts'],
  globalSetup: ['test/swiftshader.ts'],
  setupFiles: ['test/quickEquality.ts'],
  ...SHARED_PROCESSES,
  sequence: { groupOrder: 0 },
};

/** The application in a browser, after all others: three specs at a time, each with a server and a browser of its own. */
const endToEnd = {
  name: 'e2e',
  include: ['e2e/**/*.test.ts'],
  globalSetup: ['e2e/fixtures/globalSetup.ts'],
  setupFiles: ['e2e/fixtures/awaitPrepared.ts'],
  ...SHARED_PROCESSES,
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
    sequence: { sequencer: LongestFirst },
    projects: [unit, integration, endToEnd].map((test) => ({ extends: true, test })),
  },
});
