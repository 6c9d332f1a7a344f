import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, EngineStatus } from '#shared/contract/services/app.ts';
import type { LinkState } from '../../connection/index.ts';

/** What the status bar tells of the program itself. */
export interface AboutState {
  readonly info: AppInfo | null;
  readonly engine: EngineStatus | null;
  readonly graphics: { readonly name: string; readonly isSoftware: boolean } | null;
  /** Without a connection nothing can be computed or saved. */
  readonly link: LinkState['kind'];
}

export type AboutStore = StoreApi<AboutState>;

export const createAboutStore = (): AboutStore =>
  createStore<AboutState>(() => ({ info: null, engine: null, graphics: null, link: 'connected' }));
