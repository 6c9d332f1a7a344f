import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../e2e/fixtures/findBrowser.ts';
import { startServer } from '../../e2e/fixtures/startServer.ts';
import { auriclePage } from '../../e2e/pages/auriclePage.ts';
import { timeToExtents } from '../app/frames.ts';
import { processorMs } from './processorMs.ts';
import type { Times } from './timesOfLoad.ts';
import { type Aim, median, verdict } from './verdict.ts';

export interface BrowserStudies {
  readonly folder: string;
  /** Series by what they are called, each with a peer that reads the same. */
  readonly series: readonly (readonly [name: string, study: string, peer: () => Times, aim: Aim])[];
  readonly tree: string;
  readonly runs: number;
  readonly print: (row: string) => void;
  /** Whether an aim was held, for each series. */
  readonly onVerdict: (line: string) => void;
}

/**
 * Times of the application in Chromium, as rows of a Markdown table: from the chosen folder to the whole volume in memory,
 * and to the frame that shows all of it. Processor time is that of all the browser's processes, to that frame.
 */
export async function browserTimes(studies: BrowserStudies): Promise<void> {
  const { folder, series, tree, runs, print, onVerdict } = studies;
  const found = await findBrowser('swiftshader');
  if (found.kind === 'none') return print(`| in a browser | not measured: ${found.reason} | | | | |`);
  const server = await startServer(join(folder, 'data'));
  const browser = await chromium.launch(found.launch);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(300_000);
    await page.goto(server.link);
    const auricle = auriclePage(page);
    await auricle.start.acceptNotice();
    await auricle.status.engineReady();
    const close = async (): Promise<void> => {
      await auricle.status.idle();
      await page.getByTestId('close-study').click();
      await auricle.start.shown();
    };
    for (const [name, study, peer, aim] of series) {
      const turns: { readonly loadedMs: number; readonly allMs: number; cpuMs: number; peer: Times }[] = [];
      for (let turn = 0; turn <= runs; turn++) {
        const arriving = timeToExtents(page);
        const cpuBefore = processorMs(server.processId);
        await page.getByTestId('folder-input').setInputFiles(study);
        const { loadedMs, allMs } = await arriving;
        const cpuMs = processorMs(server.processId) - cpuBefore;
        await close();
        // The first turn warms up.
        const times = { loadedMs, allMs, cpuMs, peer: peer() };
        if (turn > 0) turns.push(times);
      }
      const row = (what: string, msOf: (turn: (typeof turns)[number]) => number, rest: string): void => {
        const least = Math.min(...turns.map(msOf)) / Math.min(...turns.map((turn) => turn.peer.wallMs));
        const ratio = median(turns.map((turn) => msOf(turn) / turn.peer.wallMs));
        const ms = median(turns.map(msOf)).toFixed(0);
        print(
          `| ${name} | Auricle in Chromium, ${what} | ${ms} | ${rest.replace('|', `| ${ratio.toFixed(2)} (least times: ${least.toFixed(2)}) |`)} |`,
        );
      };
      const cpu = median(turns.map(({ cpuMs }) => cpuMs)).toFixed(0);
      const cpuRatio = median(turns.map(({ cpuMs, peer: { cpuMs: other } }) => cpuMs / other)).toFixed(2);
      row('in memory', ({ loadedMs }) => loadedMs, ' | ');
      row('on the screen', ({ allMs }) => allMs, `${cpu} | ${cpuRatio}`);
      const peerMs = turns.map((turn) => turn.peer.wallMs);
      onVerdict(
        verdict(
          `${name}, browser, in memory`,
          turns.map(({ loadedMs }) => loadedMs),
          peerMs,
          aim,
        ),
      );
      onVerdict(
        verdict(
          `${name}, browser, on the screen`,
          turns.map(({ allMs }) => allMs),
          peerMs,
          aim,
        ),
      );
    }
    const began = performance.now();
    await page.getByTestId('folder-input').setInputFiles(tree);
    await page.getByTestId('series-list').waitFor();
    print(`| list of series | Auricle in Chromium | ${(performance.now() - began).toFixed(0)} | | | |`);
  } finally {
    await browser.close();
    await server.stop();
  }
}
