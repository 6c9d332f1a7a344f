import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../e2e/fixtures/findBrowser.ts';
import { startServer } from '../../e2e/fixtures/startServer.ts';
import { auriclePage } from '../../e2e/pages/auriclePage.ts';
import { timeToExtents } from '../app/frames.ts';
import type { Times } from './timesOfLoad.ts';

export interface BrowserStudies {
  readonly folder: string;
  /** Series by what they are called, each with a peer that reads the same. */
  readonly series: readonly (readonly [name: string, study: string, peer: () => Times])[];
  readonly tree: string;
  readonly runs: number;
  readonly print: (row: string) => void;
}

/** Wall times of the application in Chromium, as rows of a Markdown table: from the chosen folder to the last slice. */
export async function browserTimes({ folder, series, tree, runs, print }: BrowserStudies): Promise<void> {
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
    for (const [name, study, peer] of series) {
      const [own, ratios]: [number[], number[]] = [[], []];
      for (let turn = 0; turn <= runs; turn++) {
        const arriving = timeToExtents(page);
        await page.getByTestId('folder-input').setInputFiles(study);
        const { allMs } = await arriving;
        await close();
        const { wallMs } = peer();
        // The first turn warms up.
        if (turn > 0) {
          own.push(allMs);
          ratios.push(allMs / wallMs);
        }
      }
      print(
        `| ${name} | Auricle in Chromium | ${median(own).toFixed(0)} | | ${median(ratios).toFixed(2)} | |`,
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

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;
