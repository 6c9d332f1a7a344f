import { createStore, type StoreApi } from 'zustand/vanilla';
import { type DevicePose, MOST_TILT_DEGREES, type VirtualDevice } from '#shared/contract/virtualDevice.ts';
import { failureOf } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { BodyPlace } from '#shared/planning/deviceBody.ts';
import { depthNearest, lineDepthMm, lineFrame, tiltOf } from '#shared/planning/deviceFrame.ts';
import { type DeviceSite, knownPlaces, measureDevice, placeDevice } from '#shared/planning/virtualDevice.ts';
import { type Timer, windowTimer } from '../../jobs/debounce.ts';
import type { DeviceChange, ShownDevice } from '../../viewer/types.ts';
import type { Review, ReviewState } from '../review/index.ts';
import type { PlanningState } from './planningState.ts';

export interface PlacedDeviceState {
  /** What was measured where it lies; of the pose a moment before while it is dragged. Null where none lies in a lumen. */
  readonly measured: VirtualDevice | null;
  /** Why a device that is placed cannot be shown: its table or size is gone, or the centre line is too short. */
  readonly problem: Failure | null;
  /** What the viewer draws. */
  readonly shown: Omit<ShownDevice, 'editable'> | null;
  readonly isVisible: boolean;
}

/** The device that a reader placed: shown and measured live. Where it is stands in the review's store, with undo. */
export interface PlacedDevice {
  readonly store: StoreApi<PlacedDeviceState>;
  /** Places a size at its landing zone, or in the place of the one that is there; null removes it. */
  choose(device: Pick<DevicePose, 'table' | 'size'> | null): void;
  /** Moves or tilts it; a step where `isFinal`. */
  change(parts: Partial<Pick<DevicePose, 'depthMm' | 'tiltDegrees'>>, isFinal: boolean): void;
  /** A handle in the panes is dragged. */
  drag(change: DeviceChange, isFinal: boolean): void;
  /** Moves and tilts it a little, as by a key. */
  nudge(distalMm: number, tiltDegrees: readonly [number, number]): void;
  show(isVisible: boolean): void;
  /** Turns the planes to it: the axial one lies in its widest circumference. */
  look(): void;
  /** What is measured of it as it lies now; null where none is placed or it cannot be shown. */
  measuredNow(): VirtualDevice | null;
}

interface PlacedDeviceHost {
  readonly planning: StoreApi<PlanningState>;
  readonly review: Pick<Review, 'store' | 'placing'>;
  readonly onLook: (place: BodyPlace) => void;
  readonly timer?: Timer;
}

/** Numbers follow a drag in these steps: they take longer than a frame. */
const MEASURE_DELAY_MS = 40;

const NOTHING: Pick<PlacedDeviceState, 'measured' | 'problem' | 'shown'> = {
  measured: null,
  problem: null,
  shown: null,
};

/** What a device is placed in; null where there is no centre line, or no ostium. */
function siteOf(
  { profile, numbers, landingZoneMm }: PlanningState,
  { appendage, current, marks }: ReviewState,
): DeviceSite | null {
  if (!profile || !appendage?.ostiumPlane || !current) return null;
  return {
    closed: appendage.closed,
    ostium: appendage.ostiumPlane,
    appendage: { measurements: (numbers ?? appendage).measurements, profile },
    places: knownPlaces(marks.landmarks, {
      landmarks: current.report.ostiumLandmarks,
      surroundings: current.report.surroundings,
    }),
    scanGrid: current.scanGrid,
    landingZoneMm,
  };
}

export function createPlacedDevice(host: PlacedDeviceHost): PlacedDevice {
  const { planning, review, onLook, timer = windowTimer } = host;
  const store = createStore<PlacedDeviceState>(() => ({ ...NOTHING, isVisible: true }));
  let isWaiting = false;

  const poseNow = (): DevicePose | null => review.store.getState().device;
  const siteNow = (): DeviceSite | null => siteOf(planning.getState(), review.store.getState());

  const measuredNow = (): VirtualDevice | null => {
    const [pose, site] = [poseNow(), siteNow()];
    if (!pose || !site) return null;
    try {
      return measureDevice(placeDevice(planning.getState().tables, pose, site), pose, site);
    } catch {
      return null;
    }
  };

  const measureSoon = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    timer.set(() => {
      isWaiting = false;
      store.setState({ measured: measuredNow() });
    }, MEASURE_DELAY_MS);
  };

  const update = (): void => {
    const [pose, site] = [poseNow(), siteNow()];
    if (!pose || !site) {
      store.setState(NOTHING);
      return;
    }
    try {
      const placed = placeDevice(planning.getState().tables, pose, site);
      const { body, place, mesh } = placed;
      const fits = store.getState().measured?.fits ?? true;
      const circles = body.outline.filter(([, radius]) => radius > 0);
      store.setState({
        problem: null,
        shown: {
          mesh,
          ...place,
          radiusMm: body.radiusMm,
          endMm: body.outline.at(-1)![0],
          // The widest, and those at the ends.
          circles: circles.filter(
            ([along], at) => along === 0 || at === 0 || at === circles.length - 1 || body.kind !== 'cup',
          ),
          label: `${pose.table} ${pose.size}`,
          fits,
        },
      });
      measureSoon();
    } catch (thrown) {
      store.setState({ ...NOTHING, problem: failureOf(thrown) });
    }
  };

  /** The size's fit is known once it is measured. */
  store.subscribe(({ measured, shown }) => {
    if (measured && shown && shown.fits !== measured.fits)
      store.setState({ shown: { ...shown, fits: measured.fits } });
  });
  planning.subscribe((after, before) => {
    const isSame =
      after.profile === before.profile &&
      after.tables === before.tables &&
      after.landingZoneMm === before.landingZoneMm;
    if (!isSame) update();
  });
  review.store.subscribe((after, before) => {
    const isSame =
      after.device === before.device &&
      after.appendage === before.appendage &&
      after.marks === before.marks &&
      after.current?.report.surroundings === before.current?.report.surroundings;
    if (!isSame) update();
  });

  const within = (depthMm: number): number => {
    const { profile } = planning.getState();
    // Down to a tenth, so that rounding does not put it beyond the tip.
    const mostMm = profile ? Math.floor(10 * lineDepthMm(profile)) / 10 : 0;
    return Math.min(mostMm, Math.max(0, Math.round(10 * depthMm) / 10));
  };
  const withinTilt = (degrees: number): number =>
    Math.min(MOST_TILT_DEGREES, Math.max(-MOST_TILT_DEGREES, Math.round(10 * degrees) / 10));

  const change: PlacedDevice['change'] = ({ depthMm, tiltDegrees }, isFinal) => {
    const pose = poseNow();
    if (!pose) return;
    const name = depthMm === undefined ? 'Tilt device' : 'Move device';
    const next: DevicePose = {
      ...pose,
      depthMm: within(depthMm ?? pose.depthMm),
      tiltDegrees: tiltDegrees ? [withinTilt(tiltDegrees[0]), withinTilt(tiltDegrees[1])] : pose.tiltDegrees,
    };
    review.placing.place(name, next, isFinal);
  };

  return {
    store,
    choose(device) {
      const pose = poseNow();
      if (!device) {
        if (pose) review.placing.place('Remove device', null, true);
        return;
      }
      const { tables, landingZoneMm } = planning.getState();
      const table = tables.find(({ name }) => name === device.table);
      const place = pose ?? {
        depthMm: within(landingZoneMm ?? table?.landingZoneMm ?? 0),
        tiltDegrees: [0, 0] as [number, number],
      };
      review.placing.place(pose ? 'Change device' : 'Place device', { ...place, ...device }, true);
      store.setState({ isVisible: true });
    },
    change,
    drag(asked, isFinal) {
      const [pose, site] = [poseNow(), siteNow()];
      const { profile } = planning.getState();
      if (!pose || !site || !profile) return;
      if (asked.kind === 'move') change({ depthMm: depthNearest(profile, asked.pointLpsMm) }, isFinal);
      else {
        const frame = lineFrame(profile, site.ostium.normal, pose.depthMm);
        change({ tiltDegrees: tiltOf(frame, asked.axis) }, isFinal);
      }
    },
    nudge(distalMm, [first, second]) {
      const pose = poseNow();
      if (!pose || !siteNow()) return;
      const [a, b] = pose.tiltDegrees;
      const next: DevicePose = {
        ...pose,
        depthMm: within(pose.depthMm + distalMm),
        tiltDegrees: [withinTilt(a + first), withinTilt(b + second)],
      };
      review.placing.nudge(distalMm === 0 ? 'Tilt device' : 'Move device', next);
    },
    show: (isVisible) => store.setState({ isVisible }),
    look() {
      const { shown } = store.getState();
      if (shown) onLook(shown);
    },
    measuredNow,
  };
}
