import type { Page } from 'playwright-core';

/** The notice and the welcome screen. */
export function startScreen(page: Page) {
  const welcome = page.getByTestId('welcome');
  return {
    welcome,
    notice: page.getByTestId('notice-dialog'),
    savedWork: page.getByTestId('restore-session'),
    async acceptNotice() {
      await page.getByTestId('notice-accept').click();
      await page.getByTestId('notice-dialog').waitFor({ state: 'detached' });
    },
    async shown() {
      await welcome.waitFor();
    },
  };
}
