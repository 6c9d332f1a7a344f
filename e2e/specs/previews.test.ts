import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { namelessElements } from '../fixtures/accessibility.ts';
import { describeInBrowser, endToEnd } from '../fixtures/application.ts';
import { layoutProblems } from '../fixtures/layoutProblems.ts';
import { countPixels, type PagePicture, picture } from '../fixtures/pixels.ts';
import { compareWithReference } from '../fixtures/referencePictures.ts';
import { type ServedPreviews, servePreviews } from '../fixtures/servePreviews.ts';
import { type Watch, watchContext } from '../fixtures/watchPage.ts';
import { workerBrowser } from '../fixtures/workerBrowser.ts';

interface Entry {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** Fewer bright pixels than one short word has mean that nothing was drawn. */
const LEAST_LIT_PIXELS = 200;

describeInBrowser('components in their states', () => {
  let previews: ServedPreviews;
  let context: BrowserContext;
  let page: Page;
  let watch: Watch;
  let entries: Entry[];
  beforeAll(async () => {
    previews = await servePreviews();
    const browser = await workerBrowser(endToEnd.launch);
    context = await browser.newContext({ reducedMotion: 'reduce' });
    watch = await watchContext(context);
    page = await context.newPage();
    await page.goto(previews.address);
    await page.getByTestId('preview-list').waitFor();
    entries = await page.locator('[data-testid=preview-list] a').evaluateAll((links) =>
      links.map((link) => {
        const { width, height } = (link as HTMLElement).dataset;
        return { name: link.textContent ?? '', width: Number(width), height: Number(height) };
      }),
    );
  });
  afterAll(async () => {
    await context?.close();
    await previews?.close();
  });

  /** A dialog lies in the middle of the window, not in the frame. */
  async function show({ name, width, height }: Entry): Promise<PagePicture> {
    await page.setViewportSize({ width: Math.max(1024, width), height });
    await page.evaluate((hash) => {
      location.hash = hash;
    }, name);
    const frame = page.locator(`[data-testid=preview][data-name="${name}"]`);
    await frame.waitFor();
    // The focus ring depends on how a dialog was opened.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    return await picture(frame);
  }

  it('draw themselves whole, every control with a name, as their reference pictures show', async () => {
    expect(entries.length).toBeGreaterThan(35);
    const problems: string[] = [];
    for (const entry of entries) {
      const shown = await show(entry);
      const note = (problem: string): unknown => problems.push(`${entry.name}: ${problem}`);
      expect([shown.width, shown.height], entry.name).toEqual([entry.width, entry.height]);
      const lit = countPixels(shown, (red, green, blue) => red + green + blue > 240);
      if (lit < LEAST_LIT_PIXELS) note(`only ${lit} pixels are bright enough to be text`);
      const { nameless, named } = await namelessElements(page);
      for (const element of nameless) note(`has no name: ${element}`);
      if (named === 0 && !entry.name.startsWith('status')) note('has no control');
      for (const root of ['[data-testid=preview]', '.dialog'])
        if ((await page.locator(root).count()) > 0)
          for (const problem of await layoutProblems(page.locator(root))) note(problem);
      const difference = compareWithReference(`previews/${entry.name}`, shown);
      if (difference !== null) note(difference);
    }
    expect(problems).toEqual([]);
    expect(watch.complaints).toEqual([]);
  });

  it('have no reference picture of what is no longer there', () => {
    const folder = resolve(import.meta.dirname, '../references/previews');
    const files = readdirSync(folder).map((file) => file.replace(/\.png$/, ''));
    expect(files.sort()).toEqual(entries.map(({ name }) => name).sort());
  });
});
