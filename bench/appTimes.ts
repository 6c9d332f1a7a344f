/**
 * What a person waits for in the application, in a browser: opening, moving about, one click, memory.
 *
 *   npm run bench:app -- [--size 512x512x280] [--graphics swiftshader|vulkan|gl-egl|gl|d3d11|metal] [--studies 10] [--pictures DIR]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { DEFAULT_RESOLUTION } from '#shared/contract/services/app.ts';
import { findBrowser, GRAPHICS } from '../e2e/fixtures/findBrowser.ts';
import { startServer } from '../e2e/fixtures/startServer.ts';
import { auriclePage } from '../e2e/pages/auriclePage.ts';
import { framesWithKey, heapReader, timeToExtents, viewerFrames } from './app/frames.ts';
import { writeStudy } from './app/writeStudy.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '512x512x280' },
    graphics: { type: 'string', default: 'swiftshader' },
    studies: { type: 'string', default: '10' },
    pictures: { type: 'string' },
  },
});
const [nI = 0, nJ = 0, nK = 0] = values.size.split('x').map(Number);
const graphics = GRAPHICS.find((name) => name === values.graphics);
if (graphics === undefined) throw new Error(`Graphics are one of ${GRAPHICS.join(', ')}.`);

const line = (what: string, value: string): void => console.log(`${what.padEnd(52)} ${value}`);

const found = await findBrowser(graphics);
if (found.kind === 'none') {
  console.log(`Not measured: ${found.reason}.`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'auricle-bench-'));
const server = await startServer(join(folder, 'data'));
const browser = await chromium.launch(found.launch);
try {
  line('Processors, load before', `${availableParallelism()}, ${loadavg()[0]?.toFixed(1)}`);
  writeStudy(join(folder, 'study'), [nI, nJ, nK]);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(300_000);
  const photograph = async (name: string): Promise<void> => {
    if (values.pictures === undefined) return;
    mkdirSync(values.pictures, { recursive: true });
    await page.screenshot({ path: join(values.pictures, `${name}.png`) });
  };
  await page.goto(server.link);
  const auricle = auriclePage(page);
  await auricle.start.acceptNotice();
  await auricle.status.engineReady();
  const heapMib = await heapReader(page);
  const atStart = await heapMib();

  const arriving = timeToExtents(page);
  await page.getByTestId('folder-input').setInputFiles(join(folder, 'study'));
  const { firstMs, allMs } = await arriving;
  line(`Files to the first image, ${nI} × ${nJ} × ${nK}`, `${firstMs.toFixed(0)} ms`);
  const mib = (nI * nJ * nK * 2) / 2 ** 20;
  line('Files to all slices', `${allMs.toFixed(0)} ms, ${(mib / (allMs / 1000)).toFixed(0)} MiB/s`);
  await auricle.status.idle();
  line('Graphics', (await auricle.status.graphics.getAttribute('title')) ?? 'none');

  const resting = await framesWithKey(page, 'axial', null);
  line('Frame at rest: median', `${resting.medianMs.toFixed(1)} ms`);
  await viewerFrames(auricle, (what, { medianMs, slowMs }) =>
    line(
      `Frame while ${what}: median, 95 %`,
      `${medianMs.toFixed(1)} ms, ${slowMs.toFixed(1)} ms; ${(medianMs / resting.medianMs).toFixed(1)} × one at rest`,
    ),
  );
  await photograph('study');
  const withStudy = await heapMib();
  await page.getByTestId('close-study').click();
  await auricle.start.shown();
  const closed = await heapMib();
  line(
    'Heap before, with the study, after closing it',
    `${atStart.toFixed(1)}, ${withStudy.toFixed(1)} (voxels ${mib.toFixed(0)}), ${closed.toFixed(1)} MiB`,
  );

  await auricle.openSample();
  const clicked = performance.now();
  await auricle.segment();
  line(
    `Click to mesh and numbers (sample, ${DEFAULT_RESOLUTION}³)`,
    `${((performance.now() - clicked) / 1000).toFixed(1)} s`,
  );
  const turning = await framesWithKey(page, 'three', 'ArrowLeft');
  line(
    'Frame while turning the mesh: median, 95 %',
    `${turning.medianMs.toFixed(1)}, ${turning.slowMs.toFixed(1)} ms`,
  );
  await photograph('mesh');
  await page.getByTestId('close-study').click();
  await auricle.start.shown();

  const before = await heapMib();
  let open = 0;
  const studies = Number(values.studies);
  for (let study = 0; study < studies; study++) {
    await auricle.openSample();
    if (study === studies - 1) open = await heapMib();
    await page.getByTestId('close-study').click();
    await auricle.start.shown();
  }
  const after = await heapMib();
  line(
    `Heap before, after ${studies} studies; with one open`,
    `${before.toFixed(1)}, ${after.toFixed(1)} MiB (${(after / before).toFixed(2)} ×); ${open.toFixed(1)} MiB`,
  );
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
