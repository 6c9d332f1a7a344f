import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chooseSettings } from './fixtures/environment.ts';
import { findBrowser } from './fixtures/findBrowser.ts';
import { layoutProblems } from './fixtures/layoutProblems.ts';
import { isBuilt, startServer } from './fixtures/startServer.ts';
import { auriclePage } from './pages/auriclePage.ts';

/**
 * `npm run screens -- OUT [DATA [LOCALE [DISPLAY]]]`: pictures of the main screens at the sizes of usual displays, for a person to look at,
 * and what does not fit in them, in words. It takes minutes, and is no test. DATA is a data folder with saved work of the
 * sample study, which is then not segmented anew; LOCALE is the browser's, de-DE for German; DISPLAY is a part of the names of
 * the displays to picture, "3840" for both of 4K.
 */

interface Display {
  readonly name: string;
  /** Pixels of the screen. */
  readonly width: number;
  readonly height: number;
  /** The system's scaling, or the browser's zoom. */
  readonly scale: 1 | 2;
}

const SIZES = [
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
] as const;

const DISPLAYS: readonly Display[] = SIZES.flatMap(([width, height]) =>
  ([1, 2] as const).map((scale) => ({
    name: `${width}x${height}-${100 * scale}`,
    width,
    height,
    scale,
  })),
);

/** A screen, and how it is reached from the one before. */
type Screen = readonly [name: string, open: (page: Page) => Promise<void>];

const press =
  (testId: string) =>
  async (page: Page): Promise<void> =>
    page.getByTestId(testId).first().click();

const closeDialog = (page: Page): Promise<void> => page.keyboard.press('Escape');

/** A step of the planning guide, by its place. */
const guideStep =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await page.getByTestId(`step-${name}`).click();
  };

const SCREENS: readonly Screen[] = [
  ['notice', async (page) => void (await page.getByTestId('notice-dialog').waitFor())],
  ['welcome', (page) => auriclePage(page).start.acceptNotice()],
  ['measures', (page) => auriclePage(page).restoreNewest()],
  [
    'plan',
    async (page) => {
      await page.getByTestId('tab-plan').click();
      await page.getByTestId('profile-plot').waitFor();
    },
  ],
  ['plan-landing-zone', guideStep('landingZone')],
  ['plan-device', guideStep('device')],
  ['plan-c-arm', guideStep('cArm')],
  ['edit', press('tab-edit')],
  ['history', press('tab-history')],
  ['export', press('export-open')],
  [
    'keys',
    async (page) => {
      await closeDialog(page);
      await page.getByTestId('keys-open').click();
    },
  ],
  [
    'settings',
    async (page) => {
      await closeDialog(page);
      await page.getByTestId('settings-open').click();
    },
  ],
  [
    'scan',
    async (page) => {
      await closeDialog(page);
      await page.getByTestId('close-study').click();
      await auriclePage(page).openSample();
    },
  ],
];

async function picture(
  page: Page,
  display: Display,
  [name]: Screen,
  out: string,
): Promise<readonly string[]> {
  await page.screenshot({
    path: join(out, `${name}-${display.name}.png`),
    animations: 'disabled',
    caret: 'hide',
    timeout: 120_000,
  });
  return layoutProblems(page.locator('body'));
}

interface Place {
  readonly link: string;
  readonly display: Display;
  readonly locale: string;
  readonly out: string;
}

async function pictures(browser: Browser, { link, display, locale, out }: Place): Promise<number> {
  const context = await browser.newContext({
    locale,
    viewport: {
      width: Math.round(display.width / display.scale),
      height: Math.round(display.height / display.scale),
    },
    deviceScaleFactor: display.scale,
    reducedMotion: 'reduce',
  });
  let problems = 0;
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(180_000);
    await page.goto(link);
    for (const screen of SCREENS) {
      let found: readonly string[];
      try {
        await screen[1](page);
        found = await picture(page, display, screen, out);
      } catch (thrown) {
        found = [`cannot be reached: ${thrown instanceof Error ? thrown.message.split('\n', 1)[0] : thrown}`];
      }
      for (const problem of found) process.stdout.write(`${screen[0]} ${display.name}: ${problem}\n`);
      problems += found.length;
    }
  } finally {
    await context.close();
  }
  return problems;
}

export default async function screens([
  out = '',
  data,
  locale = 'en-US',
  display = '',
]: readonly string[]): Promise<number> {
  if (out === '') {
    process.stdout.write('Name the folder for the pictures.\n');
    return 1;
  }
  const found = isBuilt() ? await findBrowser() : null;
  if (!found || found.kind === 'none') {
    process.stdout.write(`No pictures: ${found ? found.reason : 'run `npm run build` first'}.\n`);
    return 1;
  }
  const displays = DISPLAYS.filter(({ name }) => name.includes(display));
  mkdirSync(out, { recursive: true });
  const folder = data ?? mkdtempSync(join(tmpdir(), 'auricle-screens-'));
  chooseSettings(folder);
  const browser = await chromium.launch(found.launch);
  try {
    if (data === undefined) await prepare(browser, folder);
    let problems = 0;
    for (const shown of displays) {
      // The link is good for one page; and whether the notice was read is kept by the program.
      chooseSettings(folder);
      const server = await startServer(folder);
      try {
        problems += await pictures(browser, { link: server.link, display: shown, locale, out });
      } finally {
        await server.stop();
      }
    }
    process.stdout.write(`${displays.length} displays, ${problems} problems; pictures in ${out}\n`);
    return problems > 0 ? 1 : 0;
  } finally {
    await browser.close();
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** The sample study, segmented and saved. */
async function prepare(browser: Browser, folder: string): Promise<void> {
  const server = await startServer(folder);
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  try {
    await page.goto(server.link);
    const auricle = auriclePage(page);
    await auricle.start.acceptNotice();
    await auricle.openSample();
    await auricle.segment();
    await auricle.status.saved();
  } finally {
    await page.close();
    await server.stop();
  }
}
