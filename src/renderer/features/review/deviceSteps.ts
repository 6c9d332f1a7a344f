import type { DevicePose } from '#shared/contract/virtualDevice.ts';
import { debounce, type Timer } from '../../jobs/debounce.ts';
import type { ReviewStore } from './reviewState.ts';
import type { ReviewSteps } from './reviewSteps.ts';

/** The virtual device while a person places it: each change that is released is a step. */
export interface DeviceSteps {
  /** Where the device is from now on, null for none; one step of this name when `isFinal`. */
  place(name: string, device: DevicePose | null, isFinal: boolean): void;
  /** Moves it a little, as by a key: moves that follow each other are one step. */
  nudge(name: string, device: DevicePose): void;
  /** Makes what is not released yet a step now. */
  flush(): void;
  /** Ends a drag without a step: the case is closed. */
  clear(): void;
}

/** Keys within this time of each other make one step. */
const RELEASE_DELAY_MS = 600;

const isSame = (a: DevicePose | null, b: DevicePose | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

export function createDeviceSteps(
  store: ReviewStore,
  steps: Pick<ReviewSteps, 'push'>,
  timer: Timer,
): DeviceSteps {
  /** Where it was before the drag or the keys that are under way. */
  let start: { readonly device: DevicePose | null; readonly name: string } | null = null;

  const step = (): void => {
    if (!start) return;
    const { device: before, name } = start;
    const { device: after } = store.getState();
    start = null;
    if (!isSame(before, after)) steps.push(name, { kind: 'device', before, after });
  };
  const afterKeys = debounce(step, RELEASE_DELAY_MS, timer);
  const flush = (): void => {
    afterKeys.cancel();
    step();
  };

  const change = (name: string, device: DevicePose | null): boolean => {
    const { current, device: shown } = store.getState();
    if (!current) return false;
    // What was done under another name is a step of its own.
    if (start && start.name !== name) flush();
    start ??= { device: shown, name };
    store.setState({ device });
    return true;
  };

  return {
    place(name, device, isFinal) {
      if (!change(name, device)) return;
      // However long a person holds it still: a drag is over when it is released.
      afterKeys.cancel();
      if (isFinal) step();
    },
    nudge(name, device) {
      if (change(name, device)) afterKeys.schedule();
    },
    flush,
    clear() {
      afterKeys.cancel();
      start = null;
    },
  };
}
