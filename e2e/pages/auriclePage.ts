import type { Page } from 'playwright-core';
import { appendagePanel } from './appendagePanel.ts';
import { exportDialog } from './exportDialog.ts';
import { panes } from './panes.ts';
import { startScreen } from './startScreen.ts';
import { statusBar } from './statusBar.ts';

/** One window of the program, screen by screen. */
export function auriclePage(page: Page) {
  return {
    page,
    start: startScreen(page),
    status: statusBar(page),
    panes: panes(page),
    appendage: appendagePanel(page),
    export: exportDialog(page),
    /** Opens the sample and waits until the appendage was found in it. */
    async openSample() {
      await page.getByTestId('open-sample').click();
      await this.panes.whole();
      await this.appendage.regionFound();
    },
    /** Presses the button and waits for the result, and until what surrounds it is known. */
    async segment() {
      await page.getByTestId('segment').click();
      await this.appendage.segmented();
      await this.status.idle();
    },
    /** Continues with the newest saved work. */
    async restoreNewest() {
      await page.getByTestId('restore-session').first().click();
      await this.appendage.segmented();
    },
  };
}

export type AuriclePage = ReturnType<typeof auriclePage>;
