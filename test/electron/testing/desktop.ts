import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMainPort } from '#main/transport/mainPort.ts';
import { type AuricleContract, auricleContract } from '#shared/contract/auricle.ts';
import { createRpcClient, type RpcClient } from '#shared/rpc/client.ts';
import { type SplitPort, splitPort } from '#shared/rpc/splitPort.ts';
import {
  type Application,
  buildStandIn,
  type LaunchOptions,
  launch,
  type StandIn,
} from '../standIn/launch.ts';

/** Starts the built program on the stand-in, and ends all of them. */
export interface Desktop {
  /**
   * A new folder for everything that a program keeps. On Linux its settings choose a model that is not there, unless the
   * networks are asked for: half of the processor time of a start goes into loading them.
   */
  newHome(needs?: { readonly networks: boolean }): string;
  start(options: Partial<LaunchOptions> & { readonly home: string }): Application;
  free(): Promise<void>;
}

export async function createDesktop(): Promise<Desktop> {
  const standIn: StandIn = await buildStandIn();
  const homes: string[] = [];
  const applications: Application[] = [];
  return {
    newHome(needs) {
      const home = mkdtempSync(join(tmpdir(), 'auricle-desktop-'));
      if (!needs?.networks) {
        const data = join(home, 'share/auricle');
        mkdirSync(data, { recursive: true });
        writeFileSync(join(data, 'settings.json'), JSON.stringify({ fieldModel: 'none' }));
      }
      homes.push(home);
      return home;
    },
    start(options) {
      const application = launch(standIn, options);
      applications.push(application);
      return application;
    },
    async free() {
      for (const application of applications) application.kill();
      await Promise.all(applications.map(({ exited }) => exited));
      standIn.remove();
      for (const home of homes) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The port that the application gave to its page, the `count`th, split as the page does. */
export async function pagePort(application: Application, count = 1): Promise<SplitPort> {
  const { details } = await application.saw('page-port', count);
  return splitPort(createMainPort(application.portOf(String(details.port))));
}

/** The contract's client over that port; this one does not answer what graphics processor it has. */
export const clientOf = async (application: Application, count = 1): Promise<RpcClient<AuricleContract>> =>
  createRpcClient<AuricleContract>(auricleContract, (await pagePort(application, count)).calls);
