import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { measureOstium } from '#shared/anatomy/ostiumMeasures.ts';
import { lumenProfile, virtualDevice } from '#shared/contract/testing/values.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { box } from '#shared/mesh/testing/primitives.ts';
import { figureFrames, scanPictures } from '#shared/planning/figureFrames.ts';
import { reportFigures } from './reportFigures.ts';
import type { ReportInput } from './reportInput.ts';
import { straightenedFigures } from './straightenedFigures.ts';
import { PLANNED_INPUT, REPORT_INPUT } from './testing/reportFixture.ts';

/** A box of 24 × 16 mm, 40 mm deep towards the head, its ostium at the bottom. */
const RIM: readonly Vec3[] = [
  [-12, -8, 0],
  [12, -8, 0],
  [12, 8, 0],
  [-12, 8, 0],
];
const plane = { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] } as const;
const { maxDiameter, minDiameter, areaMm2, perimeterMm } = measureOstium(RIM, plane);
const section = (z: number) => ({
  ...REPORT_INPUT.measurements.ostium!,
  centreLpsMm: [0, 0, z] as [number, number, number],
  normal: [0, 0, 1] as [number, number, number],
  maxDiameterMm: maxDiameter.lengthMm,
  minDiameterMm: minDiameter.lengthMm,
  areaMm2,
  perimeterMm,
});
const BOXED: ReportInput = {
  ...PLANNED_INPUT,
  measurements: {
    ...REPORT_INPUT.measurements,
    ostium: section(0),
    landingZones: [{ ...section(10), distanceMm: 10 }],
  },
  plan: {
    ...PLANNED_INPUT.plan!,
    profile: { ...lumenProfile, points: [] },
    virtualDevice: { ...virtualDevice, centreLpsMm: [0, 0, 10], axis: [0, 0, 1] },
  },
  surface: {
    closed: box([-12, -8, 0], [12, 8, 40]),
    ostiumPlane: plane,
    rimLpsMm: Float32Array.from(RIM.flat()),
  },
  deviceMesh: box([-10, -10, 5], [10, 10, 15]),
};

const figure = (input: ReportInput, id: string) => reportFigures(input).find((one) => one.id === id);

describe('figures of a report', () => {
  it('show each section with its diameters as lines that are as long as they say', () => {
    expect(reportFigures(BOXED).map(({ id }) => id)).toEqual([
      'ostium',
      'landingZone10',
      'device',
      'projection',
    ]);
    for (const id of ['ostium', 'landingZone10']) {
      const { svg, caption } = figure(BOXED, id)!;
      expect(svg).toContain('max 28.8 mm');
      expect(svg).toContain('min 16.0 mm');
      expect(caption).toContain('Maximum 28.8 mm, minimum 16.0 mm; area 384 mm²');
      const lengths = [...svg.matchAll(/<line x1="(.*?)" y1="(.*?)" x2="(.*?)" y2="(.*?)"/g)].map(
        ([, x1, y1, x2, y2]) => Math.hypot(Number(x2) - Number(x1), Number(y2) - Number(y1)),
      );
      // 250 units across 1.6 maximum diameters.
      const perMm = 250 / (1.6 * maxDiameter.lengthMm);
      for (const mm of [maxDiameter.lengthMm, 16, 10])
        expect(lengths.some((length) => Math.abs(length - mm * perMm) < 0.3)).toBe(true);
    }
  });

  it("draw a reader's outline where the numbers are of it, and say so", () => {
    const drawn: [number, number, number][] = [
      [-10, -7, 0],
      [10, -7, 0],
      [10, 7, 0],
      [-10, 7, 0],
    ];
    const numbers = measureOstium(drawn, plane);
    const maxDiameterMm = numbers.maxDiameter.lengthMm;
    const ostium = { ...section(0), maxDiameterMm, minDiameterMm: 14 };
    const corrected = (isUsed: boolean) => ({
      ...BOXED,
      measurements: { ...BOXED.measurements, ostium: isUsed ? ostium : section(0) },
      plan: {
        ...BOXED.plan!,
        profile: {
          ...BOXED.plan!.profile,
          correctedOutlines: [{ at: 'ostium' as const, plane, outlineLpsMm: drawn, isUsed }],
        },
      },
    });
    const used = figure(corrected(true), 'ostium')!;
    expect(used.svg).toContain(`max ${maxDiameterMm.toFixed(1)} mm`);
    expect(used.svg).toContain('min 14.0 mm');
    expect(used.caption).toContain('Outline corrected by the reader.');
    expect(figure(corrected(true), 'landingZone10')!.caption).not.toContain('corrected');
    // Set aside, it is neither drawn nor named.
    const aside = figure(corrected(false), 'ostium')!;
    expect(aside.svg).toContain('max 28.8 mm');
    expect(aside.caption).not.toContain('corrected');
  });

  it('draw no line beside a number that the outline at hand does not give', () => {
    const other = { ...BOXED.measurements, ostium: { ...section(0), maxDiameterMm: 25 } };
    const { svg } = figure({ ...BOXED, measurements: other }, 'ostium')!;
    expect(svg).not.toContain('max ');
    expect(svg).toContain('min 16.0 mm');
  });

  it('show device and C-arm view, the device with its margins', () => {
    const device = figure(BOXED, 'device')!;
    expect(device.svg).toContain('27 mm');
    expect(device.svg).toContain('ostium');
    expect(device.caption).toContain('does not fit by its table');
    expect(device.caption).toContain('protrusion past the ostium −1.2 mm');
    expect(figure(BOXED, 'projection')!.caption).toContain('outlines only');
    expect(reportFigures({ ...BOXED, surface: null })).toEqual([]);
  });

  it('straighten the scan along the centre line twice, with the landing zones where they are', () => {
    const line = Array.from({ length: 31 }, (_, z): [number, number, number] => [0, 0, z]);
    const profile = { ...lumenProfile, centreLineLpsMm: line, points: [], withheld: null };
    const plan = { ...BOXED.plan!, profile, landingZoneMm: 10 };
    const [first, second, ...others] = straightenedFigures({ ...BOXED, plan });
    expect(others).toEqual([]);
    expect(first?.caption).toContain('landing zone at 10 mm');
    expect(second?.caption).toContain('turned by 90°');
    // 10 mm before the ostium and 4 mm beyond the tip are shown: 44 mm across 250 units.
    const zone = /<line x1="([\d.]+)" y1="0.0" x2="([\d.]+)" y2="[\d.]+" stroke="#b6f05a"/.exec(first!.svg)!;
    expect(zone.slice(1)).toEqual([(250 * (20 / 44)).toFixed(1), (250 * (20 / 44)).toFixed(1)]);
    // The box is 24 mm wide, and 16 mm seen from the other side.
    const heights = [first!, second!].map(({ svg }) => {
      const address = /base64,([^"]+)"/.exec(svg)![1]!;
      const { data, width, height } = decode(Buffer.from(address, 'base64'));
      const column = Math.round(width * (30 / 44));
      const wall = Array.from({ length: height }, (_, row) => row).filter(
        (row) => data[3 * (row * width + column)] === 255,
      );
      return (wall.at(-1)! - wall[0]!) * (44 / width);
    });
    expect(heights.toSorted((a, b) => a - b).map(Math.round)).toEqual([16, 24]);
    expect(straightenedFigures({ ...BOXED, plan, surface: null })).toEqual([]);
  });

  it('lie on the scan where its pictures came along, and on white where a picture has another size', () => {
    // Blood of 400 HU on the left, air on the right of the patient.
    const side = 40;
    const volume = {
      grid: {
        sizeIjk: [side, side, side] as const,
        originLpsMm: [-39, -39, -39] as const,
        spacingMm: [2, 2, 2] as const,
        directions: LPS_AXES,
      },
      data: Int16Array.from({ length: side ** 3 }, (_, at) => (at % side < side / 2 ? -1000 : 400)),
    };
    const frames = figureFrames(BOXED.measurements, BOXED.plan);
    const pictures = scanPictures(frames, { around: volume, wide: volume });
    const { svg } = figure({ ...BOXED, scanPictures: pictures }, 'ostium')!;
    const address = /xlink:href="data:image\/png;base64,([^"]+)"/.exec(svg)![1]!;
    const { data, width } = decode(Buffer.from(address, 'base64'));
    // Seen from the atrium, from below: the patient's left is on the right of the picture.
    expect([data[100 * width + 10], data[100 * width + 190]]).toEqual([0, Math.round((255 * 550) / 800)]);
    const short = pictures.map((one) => ({ ...one, greys: one.greys.slice(1) }));
    expect(figure({ ...BOXED, scanPictures: short }, 'ostium')!.svg).not.toContain('<image');
  });
});
