import { describe, expect, it } from 'vitest';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { dot, type Vec3 } from '#shared/geometry/vec3.ts';
import {
  deviceKnob,
  deviceTargetInPlane,
  deviceTargetInThree,
  dragDevice,
  drawDeviceInPlane,
} from './device.ts';
import { lpsToPixel, planeDirections, planeFrame } from './planeFrame.ts';
import { planeTarget } from './planes/planeHandles.ts';
import { createExampleHost, EXAMPLE_SCENE } from './testing/exampleHost.ts';
import type { DeviceChange, ShownDevice } from './types.ts';

const at = (crosshair: Vec3) =>
  planeFrame(planeDirections('axial', LPS_AXES), crosshair, [0, 0, 0], {
    mmPerPixel: 0.5,
    widthPixels: 400,
    heightPixels: 300,
  });

/** Its axis runs to the patient's left. */
const device: ShownDevice = {
  mesh: { positionsLpsMm: new Float32Array(), triangles: new Uint32Array() },
  centreLpsMm: [10, 0, 0],
  axis: [1, 0, 0],
  radiusMm: 12,
  endMm: 9,
  circles: [],
  label: 'Plug 24 mm',
  fits: true,
  editable: true,
};

it('a device is named in a plane that cuts it, and in no other', () => {
  const named = (isCut: boolean): string[] => {
    const texts: string[] = [];
    const recording = {
      measureText: () => ({ width: 0 }),
      strokeText() {},
      fillText: (text: string) => texts.push(text),
    };
    // What is used of a context, and nothing else.
    const context = recording as unknown as CanvasRenderingContext2D;
    drawDeviceInPlane(context, at([0, 0, 0]), { ...device, editable: false }, isCut);
    return texts;
  };
  expect(named(true)).toEqual(['Plug 24 mm']);
  expect(named(false)).toEqual([]);
});

describe('the handles of a device', () => {
  const frame = at([0, 0, 0]);
  const centre = lpsToPixel(frame, device.centreLpsMm);
  const knob = lpsToPixel(frame, deviceKnob(device));

  it('are grabbed where the plane runs through it, before anything else', () => {
    expect(knob[0] - centre[0]).toBe((9 + 6) / 0.5);
    expect(deviceTargetInPlane(centre, frame, device)).toEqual({ kind: 'deviceMove' });
    expect(deviceTargetInPlane(knob, frame, device)).toEqual({ kind: 'deviceAim' });
    expect(deviceTargetInPlane([20, 20], frame, device)).toBeNull();
    expect(deviceTargetInPlane(centre, frame, null)).toBeNull();
    expect(deviceTargetInPlane(centre, frame, { ...device, editable: false })).toBeNull();
    const scene = { ...EXAMPLE_SCENE, device };
    expect(planeTarget('axial', centre, frame, scene)).toEqual({ kind: 'deviceMove' });
    expect(planeTarget('axial', centre, frame, { ...scene, tool: 'brush' })).toBeNull();
    // 13 mm above it the plane misses it; in 3D it is always there.
    const above = at([0, 0, 13]);
    expect(deviceTargetInPlane(centre, above, device)).toBeNull();
    expect(deviceTargetInThree(centre, above, device)).toEqual({ kind: 'deviceMove' });
  });

  it('leave a device that is seen along its axis to be moved only', () => {
    const along = { ...device, axis: [0, 0, 1] as const };
    expect(deviceTargetInPlane(centre, frame, along)).toEqual({ kind: 'deviceMove' });
  });

  it('ask for a place or an axis while they are dragged, finally when released', () => {
    const host = createExampleHost();
    const asked: [DeviceChange, boolean][] = [];
    const listening = {
      ...host,
      events: {
        ...host.events,
        onDevice: (change: DeviceChange, isFinal: boolean) => void asked.push([change, isFinal]),
      },
    };
    expect(dragDevice(listening, frame, { kind: 'deviceMove' }, centre)).toBeNull();
    host.change({ device });
    const move = dragDevice(listening, frame, { kind: 'deviceMove' }, centre)!;
    move.move([[centre[0] + 8, centre[1] - 4]]);
    move.end();
    expect(asked).toEqual([
      [{ kind: 'move', pointLpsMm: [14, -2, 0] }, false],
      [{ kind: 'move', pointLpsMm: [14, -2, 0] }, true],
    ]);
    const aim = dragDevice(listening, frame, { kind: 'deviceAim' }, knob)!;
    aim.move([[knob[0], knob[1] - 30]]);
    const change = asked.at(-1)![0];
    // 15 mm forward and 15 mm to the front: half a right angle.
    expect(change.kind === 'aim' && dot(change.axis, [1, 0, 0])).toBeCloseTo(Math.SQRT1_2, 9);
    expect(change.kind === 'aim' && dot(change.axis, [0, -1, 0])).toBeCloseTo(Math.SQRT1_2, 9);
  });
});
