// What a person waits for in the application, in a browser with software graphics: opening, scrolling, one click, memory.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chromium, type Page } from 'playwright-core';
import { defaultCtSeriesMetadata, writeCtSlice } from '#shared/dicom/writeCtSlice.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { findBrowser } from '../e2e/fixtures/findBrowser.ts';
import { startServer } from '../e2e/fixtures/startServer.ts';
import { auriclePage } from '../e2e/pages/auriclePage.ts';

const MIB = 2 ** 20;
const STUDIES = 10;
const FRAMES = 90;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const line = (what: string, value: string): void => console.log(`${what.padEnd(52)} ${value}`);

/** A series of 512 × 512 × 280 with a body that differs from slice to slice, as files in a folder. */
function writeStudy(folder: string): void {
  const sizeIjk = [512, 512, 280] as const;
  const grid: GridLps = {
    sizeIjk,
    spacingMm: [0.4, 0.4, 0.5],
    originLpsMm: [-102, -102, -70],
    directions: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
  const data = new Int16Array(512 * 512 * 280);
  for (let k = 0, at = 0; k < 280; k++) {
    for (let j = 0; j < 512; j++) {
      for (let i = 0; i < 512; i++, at++) {
        const isBody = Math.hypot(i - 256, j - 256) < 150 + k / 4;
        // A hash in place of noise: without it every codec and cache would have an easy day.
        data[at] = isBody
          ? ((i * 73 + j * 179 + k * 283) % 97) + ((i >> 5) + (j >> 5) + (k >> 4)) * 8
          : -1000;
      }
    }
  }
  mkdirSync(folder, { recursive: true });
  const metadata = defaultCtSeriesMetadata(1, grid);
  for (let k = 0; k < 280; k++)
    writeFileSync(
      join(folder, `slice${String(k).padStart(4, '0')}.dcm`),
      writeCtSlice({ grid, data }, k, metadata),
    );
}

/** From the moment the page has the files to a state of the viewer, ms; the page's own clock. */
const timeToExtents = (page: Page): Promise<{ first: number; all: number }> =>
  page.evaluate(`new Promise((done) => {
    let began = 0, first = 0;
    document.addEventListener('change', () => { began = performance.now(); }, { capture: true, once: true });
    const look = () => {
      const extent = document.querySelector('[data-testid=viewer-area]')?.dataset.extent;
      if (began && !first && (extent === 'arriving' || extent === 'whole')) first = performance.now();
      if (first && extent === 'whole') done({ first: first - began, all: performance.now() - began });
      else requestAnimationFrame(look);
    };
    look();
  })`);

/** Times between frames, ms: at rest, and while the pane that has the focus is scrolled one slice a frame. */
const frameTimes = (page: Page, key: string | null): Promise<number[]> =>
  page.evaluate(`new Promise((done) => {
    const pane = document.querySelector('.viewer-pane[data-pane=axial]');
    const times = [];
    let last = performance.now();
    const step = (now) => {
      times.push(now - last);
      last = now;
      if (times.length > ${FRAMES}) { done(times.slice(1)); return; }
      const key = ${JSON.stringify(key)};
      if (key) pane.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);

const found = await findBrowser();
if (found.kind === 'none') {
  console.log(`Not measured: ${found.reason}.`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'auricle-bench-'));
const server = await startServer(join(folder, 'data'));
const browser = await chromium.launch(found.launch);
try {
  line('Processors, load before', `${availableParallelism()}, ${loadavg()[0]?.toFixed(1)}`);
  writeStudy(join(folder, 'study'));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(300_000);
  await page.goto(server.link);
  const auricle = auriclePage(page);
  await auricle.start.acceptNotice();
  await auricle.status.engineReady();

  const arriving = timeToExtents(page);
  await page.getByTestId('folder-input').setInputFiles(join(folder, 'study'));
  const { first, all } = await arriving;
  line('Files to the first image, 512 × 512 × 280', `${first.toFixed(0)} ms`);
  line(
    'Files to all slices',
    `${all.toFixed(0)} ms, ${((280 * 512 * 512 * 2) / MIB / (all / 1000)).toFixed(0)} MiB/s`,
  );
  await auricle.status.idle();

  const resting = median(await frameTimes(page, null));
  for (const layout of ['quad', 'axial'] as const) {
    await auricle.panes.layout(layout);
    const place = await auricle.panes.place('axial');
    const scrolling = (await frameTimes(page, 'ArrowUp')).sort((a, b) => a - b);
    if ((await auricle.panes.place('axial')) === place) throw new Error('The pane did not scroll.');
    const [middle, slow] = [median(scrolling), scrolling[Math.floor(0.95 * scrolling.length)]!];
    line(
      `Frame while scrolling, ${layout === 'quad' ? 'four panes' : 'one pane'}: median, 95 %`,
      `${middle.toFixed(1)} ms, ${slow.toFixed(1)} ms; ${(middle / resting).toFixed(1)} × a frame at rest`,
    );
  }
  await auricle.panes.layout('quad');
  await page.getByTestId('close-study').click();
  await auricle.start.shown();

  await auricle.openSample();
  const clicked = performance.now();
  await auricle.segment();
  line('Click to mesh and numbers (sample, 256)', `${((performance.now() - clicked) / 1000).toFixed(1)} s`);
  await page.getByTestId('close-study').click();
  await auricle.start.shown();

  const session = await page.context().newCDPSession(page);
  const heapMib = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.collectGarbage');
    const usage = (await session.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return (usage.usedSize + (usage.backingStorageSize ?? 0)) / MIB;
  };
  const before = await heapMib();
  let open = 0;
  for (let study = 0; study < STUDIES; study++) {
    await auricle.openSample();
    if (study === STUDIES - 1) open = await heapMib();
    await page.getByTestId('close-study').click();
    await auricle.start.shown();
  }
  const after = await heapMib();
  line(
    `Heap before, after ${STUDIES} studies; with one open`,
    `${before.toFixed(1)}, ${after.toFixed(1)} MiB (${(after / before).toFixed(2)} ×); ${open.toFixed(1)} MiB`,
  );
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
