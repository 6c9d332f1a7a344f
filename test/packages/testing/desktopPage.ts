import { auricleContract } from '#shared/contract/auricle.ts';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { viewerTasks } from '#shared/nudf/engine/viewerTasks.ts';
import { createRpcClient } from '#shared/rpc/client.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import type { Application } from '../../electron/standIn/launch.ts';
import { pagePort } from '../../electron/testing/desktop.ts';

/** What reached the page while it looked for a region. */
export interface Served {
  readonly engine: EngineStatus;
  /** Networks in the order in which they were opened, with the bytes of their weights. */
  readonly networks: readonly { readonly kind: string; readonly weightBytes: number }[];
  /** Voxels of each block that the page was to compute. */
  readonly blocks: readonly number[];
}

/** Plays the page of an application on the stand-in, one with a graphics processor, which sees no appendage anywhere. */
export async function graphicsOfPage(application: Application): Promise<Served> {
  const { calls, back } = await pagePort(application);
  const networks: { kind: string; weightBytes: number }[] = [];
  const blocks: number[] = [];
  const unused = (): never => {
    throw new Error('Nothing was found that could be segmented.');
  };
  type Sent = {
    readonly spec: { readonly kind: string };
    readonly weights: readonly { data: Float32Array }[];
  };
  const opened = async ({ spec: { kind }, weights }: Sent): Promise<number> =>
    networks.push({ kind, weightBytes: weights.reduce((sum, { data }) => sum + data.byteLength, 0) });
  createRpcServer(viewerTasks, {
    graphics: { adapter: async () => ({ name: 'Graphics of a test', isSoftware: false }) },
    networks: {
      reset: async () => ({}),
      openField: opened,
      openRegion: opened,
      encode: unused,
      evaluate: unused,
      freeCrop: unused,
      async detect({ blockHu }) {
        blocks.push(blockHu.length);
        return new Float32Array(blockHu.length);
      },
    },
  }).serve(back);
  const client = createRpcClient(auricleContract, calls);
  await new Promise<void>((found) => client.on('engine', ({ id }) => id === 'viewer' && found()));
  const coarse = { grid: cubeGridLps([0, 0, 0], 64, 32), data: new Int16Array(32 ** 3).fill(-50) };
  await client.services.segmentation.findRegion({ coarse }).catch(() => undefined);
  return { engine: (await client.services.app.info({})).engine, networks, blocks };
}
