import type { EngineStatus, Settings } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure, includesFailure } from '#shared/failures/failure.ts';
import { type ViewerAdapter, viewerTasks } from '#shared/nudf/engine/viewerTasks.ts';
import { createRpcClient, type RpcClient } from '#shared/rpc/client.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';
import type { inferenceCallbacks, OnViewer } from '../workers/tasks.ts';

/** A page that is connected. */
interface Viewer {
  readonly viewerId: number;
  /** Where its calls come from. */
  readonly caller: Port;
  /** The way to its graphics processor. */
  readonly client: RpcClient<typeof viewerTasks>;
  /** Undefined until the page has said what it has. */
  adapter: ViewerAdapter | null | undefined;
  /** Why its graphics processor is not used any more. */
  stopped: readonly Failure[] | undefined;
}

/** The connected pages and their graphics processors: which one computes what its page asks for. */
export interface Viewers {
  /** A page has connected; its calls come through `caller`, and calls to it go through `back`. */
  join(caller: Port, back: Port, choice: Settings['engine']): void;
  /** Where a page's job is to be computed. */
  place(caller: Port | undefined, choice: Settings['engine']): OnViewer;
  /** What computes for a page, where its graphics processor is considered; else undefined. */
  status(viewer: Port | undefined, choice: Settings['engine'], base: EngineStatus): EngineStatus | undefined;
  /** The inference thread's report of a job on a page's graphics processor. */
  reported(viewerId: number, engine: EngineStatus): void;
  /** Pages whose graphics processors are known. */
  callers(): readonly Port[];
  /** Another engine was chosen: frees what pages hold, and asks again also where a graphics processor failed before. */
  renew(choice: Settings['engine']): void;
  /** The inference thread's calls to pages. */
  readonly callbacks: Handlers<typeof inferenceCallbacks>;
}

/** @param onAdapter called when a page has answered what it has */
export function createViewers(onAdapter: (caller: Port) => void): Viewers {
  const viewers = new Map<number, Viewer>();
  let nextId = 0;
  const of = (caller: Port | undefined): Viewer | undefined =>
    [...viewers.values()].find((viewer) => viewer.caller === caller);
  /** A page that is gone, or cannot answer, has no graphics processor for us. */
  const ask = (viewer: Viewer, choice: Settings['engine']): void => {
    if (!asksViewers(choice) || viewer.adapter !== undefined) return;
    viewer.client.services.graphics
      .adapter({})
      .catch(() => null)
      .then((adapter) => {
        viewer.adapter = adapter;
        onAdapter(viewer.caller);
      });
  };
  return {
    join(caller, back, choice) {
      const viewerId = nextId++;
      const client = createRpcClient(viewerTasks, back);
      const viewer: Viewer = { viewerId, caller, client, adapter: undefined, stopped: undefined };
      viewers.set(viewerId, viewer);
      client.onClose(() => viewers.delete(viewerId));
      ask(viewer, choice);
    },
    place(caller, choice) {
      const viewer = of(caller);
      const placement = viewer && placementOf(viewer, choice);
      if (placement?.kind !== 'computes') return {};
      return { viewer: { viewerId: viewer!.viewerId, device: placement.device, remarks: placement.remarks } };
    },
    status(caller, choice, base) {
      const viewer = of(caller);
      const placement = viewer && placementOf(viewer, choice);
      if (!placement || base.state !== 'ready') return undefined;
      const { device, remarks } =
        placement.kind === 'computes' ? placement : { ...base, remarks: placement.remarks };
      return {
        state: 'ready',
        id: placement.kind === 'computes' ? 'viewer' : base.id,
        device,
        remarks: [...base.remarks, ...remarks.filter((remark) => !includesFailure(base.remarks, remark))],
      };
    },
    reported(viewerId, engine) {
      const viewer = viewers.get(viewerId);
      if (viewer && engine.id !== 'viewer') viewer.stopped = engine.remarks;
    },
    callers: () =>
      [...viewers.values()].filter(({ adapter }) => adapter !== undefined).map(({ caller }) => caller),
    renew(choice) {
      for (const viewer of viewers.values()) {
        viewer.stopped = undefined;
        // Where pages compute on, the next job on them frees what is there.
        if (viewer.adapter && !asksViewers(choice))
          void viewer.client.services.networks.reset({}).catch(() => undefined);
        ask(viewer, choice);
      }
    },
    callbacks: {
      viewer: {
        call({ viewerId, name, params }, job) {
          const viewer = viewers.get(viewerId);
          if (!viewer) return Promise.reject(new UserError(failure('rpc.connection-lost')));
          return viewer.client.call(name, params, job);
        },
      },
    },
  };
}

/** Whether pages are asked to compute, rather than the engine's own device. */
export const asksViewers = (choice: Settings['engine']): choice is 'auto' | 'viewer' =>
  choice === 'auto' || choice === 'viewer';

/** Whether a page's graphics processor computes, and what is to be said of it. */
type Placement =
  | { readonly kind: 'computes'; readonly device: string; readonly remarks: readonly Failure[] }
  | { readonly kind: 'rests'; readonly remarks: readonly Failure[] };

/** Undefined where a page's graphics processor is not asked for, or not known yet. */
function placementOf({ adapter, stopped }: Viewer, choice: Settings['engine']): Placement | undefined {
  if (!asksViewers(choice) || adapter === undefined) return undefined;
  const rests = (reason: Failure): Placement => ({
    kind: 'rests',
    remarks: [failure('engine.processor-instead', { reason })],
  });
  if (stopped) return { kind: 'rests', remarks: stopped };
  if (adapter === null) return rests(failure('engine.no-gpu'));
  const { name: device, isSoftware } = adapter;
  if (!isSoftware) return { kind: 'computes', device, remarks: [] };
  // Software is slower than ONNX Runtime, so it is used only where it was asked for by name.
  if (choice === 'auto') return rests(failure('engine.only-software', { device }));
  return { kind: 'computes', device, remarks: [failure('engine.software', { engine: 'viewer', device })] };
}
