// Runs all tests and closes with the line "N passed, N failed, N skipped", counted from the runner's own results.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const folder = mkdtempSync(join(tmpdir(), 'auricle-tests-'));
const resultFile = join(folder, 'results.json');
const args = process.argv.slice(2);
/** Files of unit and integration tests share their processes, unless a project is named. */
const asOne = args.some((arg) => arg.startsWith('--project')) ? {} : { AURICLE_TESTS_AS_ONE: '1' };
const { status } = spawnSync(
  process.execPath,
  [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${resultFile}`,
    ...args,
  ],
  { stdio: 'inherit', env: { ...process.env, ...asOne } },
);

let failed = status === 0 ? 0 : 1;
let passed = 0;
let skipped = 0;
try {
  const results = JSON.parse(readFileSync(resultFile, 'utf8'));
  passed = results.numPassedTests;
  skipped = results.numPendingTests + (results.numTodoTests ?? 0);
  // A file that fails to load has no test of its own that could fail.
  failed = Math.max(failed, results.numFailedTests);
  for (const file of results.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'skipped' || test.status === 'pending')
        process.stdout.write(`skipped: ${test.fullName}\n`);
    }
  }
} catch (error) {
  process.stderr.write(
    `The test runner left no results: ${error instanceof Error ? error.message : error}\n`,
  );
  failed = Math.max(failed, 1);
}
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
