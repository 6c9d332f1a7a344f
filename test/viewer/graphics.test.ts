import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { DEFAULT_MODEL_IDS } from '#main/models/modelRegistry.ts';
import { writeModel } from '#main/models/packModel.ts';
import { createOnnxFieldEngine } from '#main/nudf/engine/onnxEngine.ts';
import {
  largestDifference,
  probePoints,
  randomBlockHu,
  randomWeights,
  SMALL_FIELD,
  SMALL_REGION,
} from '#main/nudf/engine/testing/agreementFixture.ts';
import { createViewerFieldEngine } from '#main/nudf/engine/viewerEngine.ts';
import { createServices, type Services } from '#main/services/index.ts';
import { type LocalServer, startLocalServer } from '#main/transport/websocket.ts';
import { type AuricleContract, auricleContract } from '#shared/contract/auricle.ts';
import type { MenuCommand } from '#shared/contract/services/app.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { type ViewerAdapter, viewerTasks } from '#shared/nudf/engine/viewerTasks.ts';
import { createRpcClient } from '#shared/rpc/client.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import { splitPort } from '#shared/rpc/splitPort.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { launchChromium } from '../rpc/launchChromium.ts';
import { testPlatform } from '../services/testing/application.ts';

/** Chromium's own WebGPU, on SwiftShader where there is nothing else; its shaders as `test/swiftshader.ts` has them. */
const WEBGPU = ['--enable-unsafe-webgpu', '--enable-dawn-features=disable_workgroup_init'];
const TOLERANCE = 1e-4;

/** The built page in Chromium, and what it connects to. */
async function openPage(browser: Browser, serve: (port: Port) => void) {
  const server: LocalServer = await startLocalServer({
    pageFolder: resolve(import.meta.dirname, '../../dist/renderer'),
    serve,
  });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(server.createLink());
  const close = async (): Promise<void> => {
    await page.close();
    await server.close();
  };
  return { page, complaints, close };
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium(WEBGPU);
});
afterAll(() => browser?.close());

const skipWithout = (adapter: ViewerAdapter | null | undefined, context: TestContext): void =>
  context.skip(!adapter, 'Chromium offers no WebGPU adapter here');

it("a page's graphics processor gives the fields that ONNX Runtime gives", async (context) => {
  let connected = (_port: Port): void => {};
  const port = new Promise<Port>((found) => {
    connected = found;
  });
  const { complaints, close } = await openPage(browser, connected);
  try {
    const { services } = createRpcClient(viewerTasks, splitPort(await port).back);
    const adapter = await services.graphics.adapter({});
    skipWithout(adapter, context);
    const weights = randomWeights(SMALL_FIELD, 1);
    const blockHu = randomBlockHu(SMALL_FIELD.resolution, 2);
    const points = probePoints(SMALL_FIELD.resolution, 3);
    const viewer = await createViewerFieldEngine(services.networks, 'test', SMALL_FIELD, weights);
    const onnx = await createOnnxFieldEngine(SMALL_FIELD, weights, { threads: 1 });
    const [onViewer, onProcessor] = await Promise.all(
      [viewer, onnx].map(async (engine) => (await engine.encode(blockHu)).evaluate(points)),
    );
    expect(largestDifference(onViewer!.signedMm, onProcessor!.signedMm)).toBeLessThan(TOLERANCE);
    expect(largestDifference(onViewer!.unsignedMm, onProcessor!.unsignedMm)).toBeLessThan(TOLERANCE);
    expect(complaints).toEqual([]);
    await onnx.free();
  } finally {
    await close();
  }
});

describe("the application on its page's graphics processor", () => {
  let folder = '';
  let services: Services;
  let page: Page;
  let caller: Port | undefined;
  let close: (() => Promise<void>) | undefined;
  const job = () => ({
    signal: new AbortController().signal,
    onProgress: () => {},
    ...(caller ? { caller } : {}),
  });
  const coarse = {
    grid: {
      sizeIjk: [16, 16, 16],
      originLpsMm: [0, 0, 0],
      spacingMm: [6, 6, 6],
      directions: LPS_AXES,
    } as const,
    data: Int16Array.from(randomBlockHu(16, 5)),
  };
  const findRegion = () => services.handlers.segmentation.findRegion({ coarse }, job());
  const engine = async () => (await services.handlers.app.info({}, job())).engine;
  let chooseInMenu = (_command: MenuCommand): void => {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-viewer-'));
    const details = { version: '1.0.0', trainedOn: 'synthetic' } as const;
    const training = { recipe: 'none.json', steps: 1, seed: 1, metrics: {} };
    // Of two levels, the fewest that pool, enlarge and join: half of the time here is compiling its pipelines.
    const regionSpec = { ...SMALL_REGION, channels: [8, 16] };
    for (const model of [
      { id: DEFAULT_MODEL_IDS.region, kind: 'region', spec: regionSpec } as const,
      { id: DEFAULT_MODEL_IDS.field, kind: 'field', spec: SMALL_FIELD } as const,
    ]) {
      // A region network that is sure of itself, so that it finds something.
      const weights = new Map(randomWeights(model.spec, 4));
      if (model.kind === 'region') weights.set('head.bias', { shape: [1], data: Float32Array.of(1) });
      await writeModel(folder, { ...details, training, ...model }, weights, '');
    }
    let isKnown = (): void => {};
    const known = new Promise<void>((found) => {
      isKnown = found;
    });
    services = createServices({
      platform: testPlatform(),
      engine: 'viewer',
      threads: 1,
      dataFolder: folder,
      modelsFolder: folder,
      findWorker: () => undefined,
      emit(event, value, to) {
        rpc.emit(event, value, to);
        if (event === 'engine' && to) isKnown();
      },
    });
    const rpc = createRpcServer<AuricleContract>(auricleContract, services.handlers);
    chooseInMenu = (command) => rpc.emit('menu', { command });
    ({ page, close } = await openPage(browser, (port) => {
      const { calls, back } = splitPort(port);
      services.join(calls, back);
      rpc.serve(calls);
      caller = calls;
    }));
    await known;
  });
  afterAll(async () => {
    await close?.();
    await services?.free();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds the region there as on the processor', async (context) => {
    const before = await engine();
    context.skip(before.id !== 'viewer', 'Chromium offers no WebGPU adapter here');
    const onViewer = await findRegion();
    expect(page.workers().length).toBeGreaterThan(1);
    expect(await engine()).toEqual(before);
    const { caller: _, ...withoutPage } = job();
    const onProcessor = await services.handlers.segmentation.findRegion({ coarse }, withoutPage);
    const numbers = ({ centreLpsMm, confidence }: typeof onViewer) =>
      Float32Array.from([...centreLpsMm, confidence ?? Number.NaN]);
    expect(largestDifference(numbers(onViewer), numbers(onProcessor))).toBeLessThan(1e-3);
  });

  it('goes on by ONNX Runtime where the worker is gone, delivers, and says why', async (context) => {
    context.skip((await engine()).id !== 'viewer', 'Chromium offers no WebGPU adapter here');
    const worker = page.workers().find((candidate) => candidate.url().includes('viewerNetworks'));
    await worker?.evaluate(() => {
      setTimeout(() => {
        throw new Error('The test ended this worker.');
      });
    });
    const found = await findRegion();
    const { caller: _, ...withoutPage } = job();
    expect(found).toEqual(await services.handlers.segmentation.findRegion({ coarse }, withoutPage));
    expect(inWords(await engine())).toMatchObject({
      id: 'onnx',
      remarks: expect.arrayContaining([expect.stringMatching(/work went on with ONNX Runtime/)]),
    });
  });

  it('does what is chosen in the desktop’s menu: typing is undone first, and dialogs are left alone', async () => {
    const dialogs = page.getByRole('dialog');
    const keys = page.getByTestId('keys-dialog');
    const field = page.locator('#typed-in');
    await page.getByTestId('notice-dialog').waitFor();
    await page.evaluate(() => {
      const input = document.createElement('input');
      input.id = 'typed-in';
      // Within the dialog, which keeps the focus.
      document.querySelector('[data-testid=notice-dialog]')?.append(input);
    });
    await field.focus();
    await page.keyboard.type('typed');
    chooseInMenu('keys');
    chooseInMenu('undo');
    await expect.poll(() => field.inputValue()).toBe('');
    chooseInMenu('redo');
    await expect.poll(() => field.inputValue()).toBe('typed');
    // The keys were chosen before: the dialog that was open is still the only one.
    expect(await dialogs.count()).toBe(1);
    expect(await keys.count()).toBe(0);

    await page.getByTestId('notice-accept').click();
    await dialogs.waitFor({ state: 'detached' });
    chooseInMenu('keys');
    await keys.waitFor();
  });
});
