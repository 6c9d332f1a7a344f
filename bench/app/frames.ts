import type { Page } from 'playwright-core';
import type { AuriclePage } from '../../e2e/pages/auriclePage.ts';
import type { PaneName } from '../../e2e/pages/panes.ts';

const FRAMES = 90;

export interface FrameTimes {
  readonly medianMs: number;
  /** 95 of a hundred frames took no longer. */
  readonly slowMs: number;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function summed(times: readonly number[]): FrameTimes {
  const sorted = [...times].sort((a, b) => a - b);
  return { medianMs: median(sorted), slowMs: sorted[Math.floor(0.95 * sorted.length)] ?? Number.NaN };
}

/** Times between frames while a pane gets a key in each; without a key: at rest. */
export async function framesWithKey(page: Page, pane: PaneName, key: string | null): Promise<FrameTimes> {
  const times = await page.evaluate<number[]>(`new Promise((done) => {
    const pane = document.querySelector('.viewer-pane[data-pane=${pane}]');
    const key = ${JSON.stringify(key)};
    const times = [];
    let last = performance.now();
    const step = (now) => {
      times.push(now - last);
      last = now;
      if (times.length > ${FRAMES}) { done(times.slice(1)); return; }
      if (key) pane.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
  return summed(times);
}

/** Times between frames while a person drags. */
export async function framesWhile(page: Page, drag: () => Promise<void>): Promise<FrameTimes> {
  await page.evaluate(`(() => {
    const times = globalThis.frameTimes = [];
    let last = performance.now();
    const step = (now) => {
      times.push(now - last);
      last = now;
      if (globalThis.frameTimes === times) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })()`);
  await drag();
  return summed(await page.evaluate<number[]>('[globalThis.frameTimes, globalThis.frameTimes = null][0]'));
}

/**
 * From the moment the page has the files to the first image, to the whole volume in memory (the page's own mark) and to
 * all slices on the screen, ms; the page's own clock.
 */
export const timeToExtents = (page: Page): Promise<{ firstMs: number; loadedMs: number; allMs: number }> =>
  page.evaluate(`new Promise((done) => {
    let began = 0, first = 0;
    document.addEventListener('change', () => { began = performance.now(); }, { capture: true, once: true });
    const look = () => {
      const extent = document.querySelector('[data-testid=viewer-area]')?.dataset.extent;
      if (began && !first && (extent === 'arriving' || extent === 'whole')) first = performance.now();
      if (first && extent === 'whole') {
        const loaded = performance.getEntriesByName('auricle-volume-whole').at(-1).startTime;
        changes.disconnect();
        done({ firstMs: first - began, loadedMs: loaded - began, allMs: performance.now() - began });
      }
    };
    // Looking at every frame would make the page draw frames that nothing else asks for.
    const changes = new MutationObserver(() => requestAnimationFrame(look));
    changes.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-extent'] });
  })`);

/** Memory of the page's heap after collections, what array buffers hold included, MiB. */
export async function heapReader(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.collectGarbage');
    const usage = (await session.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return (usage.usedSize + (usage.backingStorageSize ?? 0)) / 2 ** 20;
  };
}

/** What a person does in the viewer of an open study, each with the times of its frames. */
export async function viewerFrames(
  auricle: AuriclePage,
  report: (what: string, frames: FrameTimes) => void,
): Promise<void> {
  const { page, panes } = auricle;
  for (const [layout, key] of [
    ['quad', 'ArrowUp'],
    ['axial', 'ArrowDown'],
  ] as const) {
    await panes.layout(layout);
    const place = await panes.place('axial');
    const frames = await framesWithKey(page, 'axial', key);
    if ((await panes.place('axial')) === place) throw new Error('The pane did not scroll.');
    report(`scrolling, ${layout === 'quad' ? 'four panes' : 'one pane'}`, frames);
  }
  await panes.layout('quad');

  const box = await panes.pane('axial').boundingBox();
  if (!box) throw new Error('There is no axial pane.');
  const middle = [box.width / 2, box.height / 2] as const;
  const reach = 0.34 * Math.min(box.width, box.height);
  await panes.click('axial', middle);
  const circle = Array.from(
    { length: 60 },
    (_, step) => [middle[0] + 60 * Math.sin(step / 8), middle[1] + 60 * Math.cos(step / 8) - 60] as const,
  );
  report('dragging the crosshair', await framesWhile(page, () => panes.drag('axial', [middle, ...circle])));
  await panes.click('axial', middle);

  const title = await panes.title('coronal');
  const turn = Array.from(
    { length: 60 },
    (_, step) =>
      [middle[0] + reach * Math.cos(step / 150), middle[1] + reach * Math.sin(step / 150)] as const,
  );
  report('turning the planes', await framesWhile(page, () => panes.drag('axial', turn)));
  if ((await panes.title('coronal')) === title) throw new Error('The planes did not turn.');
  report('scrolling an oblique plane', await framesWithKey(page, 'coronal', 'ArrowUp'));

  await page.getByTestId('slab-button').click();
  await page.getByTestId('slab-thickness').getByRole('slider').press('End');
  await page.keyboard.press('Escape');
  report('scrolling the thickest slab, oblique', await framesWithKey(page, 'coronal', 'ArrowUp'));
  await page.getByTestId('straighten').click();
  report('scrolling the thickest slab, straight', await framesWithKey(page, 'axial', 'ArrowDown'));

  await page.getByTestId('volume-rendering').click();
  await page.getByText('Preparing volume…').waitFor({ state: 'detached' });
  report('turning the rendered volume', await framesWithKey(page, 'three', 'ArrowLeft'));
}
