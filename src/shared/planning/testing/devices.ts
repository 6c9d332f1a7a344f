import type { DeviceTable, LumenProfile } from '../../contract/planning.ts';
import { deviceTable, report } from '../../contract/testing/values.ts';
import type { DevicePose, DeviceShape } from '../../contract/virtualDevice.ts';
import type { TriangleMesh } from '../../mesh/triangleMesh.ts';
import type { DeviceSite } from '../virtualDevice.ts';

/* Devices by simple drawings, and tubes to place them in. */

/** With a shoulder before its widest place. */
export const cup: DeviceShape = {
  kind: 'cup',
  source: 'a drawing',
  length: [{ timesSize: 0.5, plusMm: 2 }],
  faceDiameter: [{ timesSize: 0.5, plusMm: 0 }],
  shoulder: [{ timesSize: 0, plusMm: 4 }],
  endDiameter: [{ timesSize: 0.5, plusMm: 0 }],
};
export const lobeAndDisc: DeviceShape = {
  kind: 'lobe and disc',
  source: 'a drawing',
  lobeLength: [{ timesSize: 0, plusMm: 8 }],
  discDiameter: [{ timesSize: 1, plusMm: 6 }],
  discThickness: [{ timesSize: 0, plusMm: 2 }],
  waistLength: [{ timesSize: 0, plusMm: 5 }],
  waistDiameter: [{ timesSize: 0, plusMm: 6 }],
};
/** A table of one device, with a shape. */
export const table = (shape: DeviceShape, parts: Partial<DeviceTable> = {}): DeviceTable => ({
  ...deviceTable,
  name: 'Plug',
  shape,
  ...parts,
});

/** A tube of elliptic section along the head's direction, closed flat at the ostium and at its end, LPS mm. */
export function tube(radiusX: number, radiusY: number, lengthMm: number, around = 96): TriangleMesh {
  const positions: number[] = [];
  const triangles: number[] = [];
  for (const z of [0, lengthMm]) {
    for (let step = 0; step < around; step++) {
      const angle = (2 * Math.PI * step) / around;
      positions.push(radiusX * Math.cos(angle), radiusY * Math.sin(angle), z);
    }
  }
  positions.push(0, 0, 0, 0, 0, lengthMm);
  for (let step = 0; step < around; step++) {
    const next = (step + 1) % around;
    triangles.push(step, next, next + around, step, next + around, step + around);
    triangles.push(2 * around, next, step, 2 * around + 1, around + step, around + next);
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

/** Straight along the head's direction. */
export const straight = (depthMm: number): LumenProfile => ({
  computedLineLpsMm: null,
  centreLineLpsMm: Array.from({ length: depthMm + 1 }, (_, mm): [number, number, number] => [0, 0, mm]),
  points: Array.from({ length: 2 * depthMm }, (_, step) => ({
    distanceMm: step / 2,
    pointLpsMm: [0, 0, step / 2],
    centreLpsMm: [0, 0, step / 2],
    normal: [0, 0, 1],
    areaMm2: 100 * Math.PI,
    perimeterMm: 20 * Math.PI,
    maxDiameterMm: 20,
    minDiameterMm: 20,
    areaDerivedDiameterMm: 20,
    perimeterDerivedDiameterMm: 20,
    withheld: {},
  })),
  withheld: null,
});

/** In a tube of 10 mm radius. */
export const site = (parts: Partial<DeviceSite> = {}): DeviceSite => ({
  closed: tube(10, 10, 40),
  ostium: { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] },
  appendage: {
    measurements: { ostium: report.ostium, depthMm: 40, withheld: {} },
    profile: straight(40),
  },
  places: { circumflex: null, ridge: null, surroundings: null, byModel: null },
  scanGrid: null,
  landingZoneMm: null,
  ...parts,
});
export const pose = (parts: Partial<DevicePose> = {}): DevicePose => ({
  table: 'Plug',
  size: '24 mm',
  depthMm: 12,
  tiltDegrees: [0, 0],
  ...parts,
});
