import type { Page } from 'playwright-core';

/** The line at the bottom, and the messages above it. */
export function statusBar(page: Page) {
  const save = page.getByTestId('save-state');
  return {
    engine: page.getByTestId('status-engine'),
    graphics: page.getByTestId('status-graphics'),
    job: page.getByTestId('job'),
    jobWords: page.getByTestId('job-words'),
    cancel: page.getByTestId('job-cancel'),
    alerts: page.getByTestId('alert'),
    /** Closes all messages: they lie over the panes, and a picture taken soon after would show them. */
    async dismissAlerts() {
      await page.getByTestId('alerts').evaluate((area) => {
        for (const button of area.querySelectorAll('button')) button.click();
      });
      await page.getByTestId('alert').first().waitFor({ state: 'detached' });
    },
    /** Tries to connect at once. The page also does so by itself, and takes the button away when it succeeds first. */
    async retry() {
      await page.evaluate(() => document.querySelector<HTMLElement>('[data-testid=link-retry]')?.click());
    },
    /** Waits until the engine can compute. */
    async engineReady() {
      await page.locator('[data-testid=status-engine][data-state=ready]').waitFor();
    },
    /** Waits until the work is saved. */
    async saved() {
      await page.locator('[data-testid=save-state][data-kind=saved]').waitFor();
      return await save.textContent();
    },
    /** Waits until nothing runs. */
    async idle() {
      await page.getByTestId('job-idle').waitFor({ state: 'attached' });
    },
  };
}
