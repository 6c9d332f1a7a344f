import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';

const MIB = 2 ** 20;
const ROUNDS = 2;
/** One volume of the sample, its thumbnails and worker copies, once a round, is far more than this. */
const MOST_GROWTH = { mib: 4 * ROUNDS, nodes: 100 * ROUNDS, listeners: 20 * ROUNDS } as const;
const LEAST_OF_A_STUDY_MIB = 12;

/** What a page holds after everything that can be collected was. */
async function held(page: Page, session: CDPSession) {
  // Twice: what finalizers release in the first collection is freed in the second.
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  const contexts = await page.evaluate(() => (globalThis as unknown as { liveWebGl(): number }).liveWebGl());
  return { heapMib: (usedSize + (backingStorageSize ?? 0)) / MIB, nodes, jsEventListeners, contexts };
}

describeInBrowser('memory', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sampleData });
    await app.context.addInitScript(() => {
      // Contexts that were made and not lost since, held weakly: those that still cost graphics memory.
      const made: WeakRef<WebGL2RenderingContext>[] = [];
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...request: unknown[]) {
        const context = Reflect.apply(original, this, request);
        const isNew = !made.some((reference) => reference.deref() === context);
        if (context instanceof WebGL2RenderingContext && isNew) made.push(new WeakRef(context));
        return context;
      } as typeof original;
      Object.assign(globalThis, {
        liveWebGl: () => made.filter((reference) => reference.deref()?.isContextLost() === false).length,
      });
    });
    await app.page.reload();
  });
  afterAll(async () => {
    await app?.close();
  });

  it('does not grow with the studies that were opened and closed', async () => {
    const { auricle, page } = app;
    const session = await app.context.newCDPSession(page);
    const rounds: Awaited<ReturnType<typeof held>>[] = [];
    let openMib = 0;
    for (let round = 0; round <= ROUNDS; round++) {
      await auricle.openSample();
      openMib = (await held(page, session)).heapMib;
      await page.getByTestId('close-study').click();
      await auricle.start.shown();
      rounds.push(await held(page, session));
    }
    // The first round loads what stays: code, fonts, caches.
    const [first, ...later] = rounds;
    const last = later.at(-1)!;
    expect(last.contexts).toBeLessThanOrEqual(first!.contexts);
    expect(last.heapMib - first!.heapMib).toBeLessThan(MOST_GROWTH.mib);
    expect(last.nodes).toBeLessThan(first!.nodes + MOST_GROWTH.nodes);
    expect(last.jsEventListeners).toBeLessThan(first!.jsEventListeners + MOST_GROWTH.listeners);
    // Checks the measure itself: an open study shows up in it.
    expect(openMib - last.heapMib).toBeGreaterThan(LEAST_OF_A_STUDY_MIB);
  });
});
