import process from 'node:process';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { fastModules } from './test/fastModules.ts';

// Each program that the tests start would spend three seconds of two cores on warming up; most live as long as that.
process.env.AURICLE_WARM_UP ??= 'off';

// On Linux, glibc gives each large block back to the system at once, and every page of the next is cleared anew: an
// eighth of the processor time of a segmentation. Processes of tests keep what they have freed. Ignored elsewhere.
process.env.MALLOC_MMAP_THRESHOLD_ ??= String(2 ** 30);
process.env.MALLOC_TRIM_THRESHOLD_ ??= String(2 ** 32);

/** The whole methods and programs that take longest, 20 to 90 s; the longest first. */
const LONGEST = [
  // Not long, but before all others: what names lines of the sources in errors was lost to it where others had run.
  'test/fastModules',
  'test/packages/packages',
  'test/cli/realCt',
  'test/services/segmentation',
  'training/fieldTask',
  'test/cli/endToEnd',
  'nudf/kernels/conv3d',
  'test/cli/train',
  'training/regionTask',
];

/** The same of the specs in the browser; none of the others takes more than 6 s of processor time. */
const LONGEST_IN_BROWSER = [
  'e2e/specs/reconnecting',
  'e2e/specs/ostium',
  'e2e/specs/phases',
  'e2e/specs/development',
  'e2e/specs/sessions',
  'e2e/specs/cancelling',
  'e2e/specs/servers',
  'e2e/specs/oneClick',
  'e2e/specs/viewing',
  'e2e/specs/exportedMask',
  'e2e/specs/previews',
  'e2e/specs/region',
  'e2e/specs/handTools',
  'e2e/specs/keyboardOnly',
  'e2e/specs/editing',
  'e2e/specs/oddStudies',
  'e2e/specs/accessibility',
];

/**
 * What takes long begins first, for a file that began last would run while the other core waits: the longest of the
 * integration tests, the others, the unit tests, then the browser's, the longest first. A worker serves files of one
 * project only and is started anew for the next, so all files of a project follow each other.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification): number => {
      const placeIn = (names: readonly string[]): number => {
        const place = names.findIndex((name) => moduleId.includes(name));
        return place < 0 ? names.length : place;
      };
      if (project.name === endToEnd.name) return 400 + placeIn(LONGEST_IN_BROWSER);
      if (!/\.slow\.test\.|^test\//.test(moduleId.slice(this.ctx.config.root.length + 1))) return 300;
      const place = placeIn(LONGEST);
      return place < LONGEST.length ? place : 200;
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

/**
 * TensorFlow.js is a thousand files, which each worker would fetch one by one: its tests get four, bundled at the start.
 * Its CommonJS bundle leaves the gradients out; its ES modules have them, and must be loaded once only.
 */
const TENSORFLOW = [
  'tfjs-core/dist/index.js',
  'tfjs-core/dist/register_all_gradients',
  'tfjs-backend-cpu/dist/index.js',
  'tfjs-backend-webgpu/dist/index.js',
].map((file) => `@tensorflow/${file}`);

const WITH_TENSORFLOW = { deps: { optimizer: { ssr: { enabled: true, include: TENSORFLOW } } } };

/** Fast tests of single modules, beside them: no browser, no graphics processor, no built program. */
const unit = {
  name: 'unit',
  include: ['{src,tools}/**/*.test.{ts,tsx}'],
  exclude: [...configDefaults.exclude, SLOW],
  setupFiles: [
    'test/ownModulesSetup.ts',
    'src/shared/lifecycle/testing/strictLifecycles.ts',
    'test/quickEquality.ts',
  ],
  ...WITH_TENSORFLOW,
  ...SHARED_PROCESSES,
};

/** Whole methods on real data, and the built program from outside. */
const integration = {
  name: 'integration',
  include: [SLOW, 'test/**/*.test.ts'],
  globalSetup: ['test/swiftshader.ts'],
  setupFiles: ['test/ownModulesSetup.ts', 'test/quickEquality.ts'],
  ...WITH_TENSORFLOW,
  ...SHARED_PROCESSES,
};

/**
 * Both as one, for `npm test` (`test/run.js`): a worker serves files of one project only, so that each would load and
 * compile most of the program twice, for either.
 */
const inNode = {
  ...integration,
  name: 'node',
  include: [...unit.include, ...integration.include],
  setupFiles: unit.setupFiles,
};

/**
 * The application in a browser: three specs at a time, those of a process one after the other in its browser and on its
 * server. They begin when all other tests have ended; what they share is prepared meanwhile.
 */
const endToEnd = {
  name: 'e2e',
  include: ['e2e/**/*.test.ts'],
  globalSetup: ['e2e/fixtures/globalSetup.ts'],
  setupFiles: ['test/ownModulesSetup.ts', 'e2e/fixtures/awaitPrepared.ts', 'test/quickEquality.ts'],
  ...SHARED_PROCESSES,
};

const projects = process.env.AURICLE_TESTS_AS_ONE ? [inNode, endToEnd] : [unit, integration, endToEnd];

export default defineConfig({
  plugins: [fastModules()],
  resolve: { alias: [{ find: /^(@tensorflow\/tfjs-[\w-]+)$/, replacement: '$1/dist/index.js' }] },
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Vitest's own is 1 s, which a loaded machine can need for one look at a picture.
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    projects: projects.map((test) => ({ extends: true, test })),
  },
});
