import { describe, expect, it } from 'vitest';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { lpsToPixel, planeDirections, planeFrame } from './planeFrame.ts';
import { doubleClickOnLine, drawPointsInPlane, pointInPlane, pointInThree } from './points.ts';
import { createExampleHost, EXAMPLE_SCENE } from './testing/exampleHost.ts';
import type { MarkedPoint } from './types.ts';

it('a double click on a line asks for a point there, also beside one that is there; on a landmark for none', () => {
  const added: Vec3[] = [];
  const host = createExampleHost();
  const noting = { ...host, events: { ...host.events, onAddPoint: (point: Vec3) => added.push(point) } };
  const point = (kind: MarkedPoint['kind']): MarkedPoint => ({
    id: 'line:0',
    pointLpsMm: [0, 0, 0],
    label: '',
    kind,
  });
  expect(doubleClickOnLine(noting, null, [0, 0, 4])).toBe(true);
  // Whether it is too near is the owner's to say.
  expect(doubleClickOnLine(noting, point('line'), [0, 0, 1])).toBe(true);
  expect(added).toEqual([
    [0, 0, 4],
    [0, 0, 1],
  ]);
  expect(doubleClickOnLine(noting, point('landmark'), [0, 0, 1])).toBe(true);
  expect(doubleClickOnLine(noting, point('zone'), [0, 0, 1])).toBe(true);
  expect(doubleClickOnLine(noting, null, null)).toBe(false);
  expect(added).toHaveLength(2);
});

describe('what a network found', () => {
  const frame = planeFrame(planeDirections('axial', LPS_AXES), [0, 0, 0], [0, 0, 0], {
    mmPerPixel: 0.5,
    widthPixels: 400,
    heightPixels: 300,
  });
  const found = (label: string, pointLpsMm: Vec3): MarkedPoint => ({
    id: `found:${label}:${pointLpsMm.join()}`,
    pointLpsMm,
    label,
    kind: 'found',
  });

  it('is drawn where it lies in the plane, each structure named once', () => {
    const drawn: string[] = [];
    const context = new Proxy({} as CanvasRenderingContext2D, {
      get: (_, name) =>
        name === 'measureText'
          ? () => ({ width: 0 })
          : (...parts: unknown[]) => {
              if (name === 'fillText') drawn.push(String(parts[0]));
              if (name === 'arc') drawn.push('dot');
            },
      set: () => true,
    });
    const points = [
      found('Vein', [5, 0, 1]),
      found('Vein', [7, 0, -1]),
      found('Vein', [9, 0, 2]),
      found('Annulus', [0, 9, 30]),
    ];
    drawPointsInPlane(context, frame, { ...EXAMPLE_SCENE, points });
    expect(drawn.filter((one) => one === 'Vein')).toHaveLength(1);
    expect(drawn).not.toContain('Annulus');
    // After all dots, which would hide its letters.
    expect(drawn.lastIndexOf('dot')).toBeLessThan(drawn.indexOf('Vein'));
    // Each with its halo.
    expect(drawn.filter((one) => one === 'dot')).toHaveLength(4);
  });

  it('leaves the diameters of a section readable: they are written over all dots and names', () => {
    const drawn: string[] = [];
    const context = new Proxy({} as CanvasRenderingContext2D, {
      get: (_, name) =>
        name === 'measureText'
          ? () => ({ width: 0 })
          : (...parts: unknown[]) => {
              if (name === 'fillText') drawn.push(String(parts[0]));
              if (name === 'arc') drawn.push('dot');
            },
      set: () => true,
    });
    const section = {
      plane: { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] },
      rimLpsMm: [],
      diameters: [{ fromLpsMm: [0, -10, 0], toLpsMm: [0, 9.6, 0], lengthMm: 19.6 }],
      isCorrected: false,
    } as const;
    const plan = { centreLineLpsMm: [], section, landingZone: null, ostium: null, edited: null };
    drawPointsInPlane(context, frame, { ...EXAMPLE_SCENE, plan, points: [found('Vein', [1, 9, 0])] });
    expect(drawn.at(-1)).toBe('19.6 mm');
    expect(drawn).toContain('Vein');
  });

  it('is named beside its dots: no name on another, on the banner or past the edge', () => {
    const names: { text: string; x: number; y: number; align: string }[] = [];
    const drawing = { textAlign: 'left' };
    const context = new Proxy({} as CanvasRenderingContext2D, {
      get: (_, name) => {
        if (name === 'measureText') return () => ({ width: 60 });
        if (name !== 'fillText') return () => undefined;
        return (text: string, x: number, y: number) => names.push({ text, x, y, align: drawing.textAlign });
      },
      set: (_, name, value) => {
        if (name === 'textAlign') drawing.textAlign = value;
        return true;
      },
    });
    const at = (label: string, x: number, y: number) => found(label, [(x - 200) / 2, (y - 150) / 2, 0]);
    const points = [
      at('Vein', 250, 30),
      at('Vein', 270, 40),
      at('Annulus', 100, 150),
      at('Artery', 110, 152),
      at('Edge', 380, 200),
    ];
    drawPointsInPlane(context, frame, { ...EXAMPLE_SCENE, points });
    expect(names).toEqual([
      { text: 'Vein', x: 243, y: 34, align: 'right' },
      { text: 'Annulus', x: 107, y: 154, align: 'left' },
      { text: 'Artery', x: 117, y: 171, align: 'left' },
      { text: 'Edge', x: 373, y: 204, align: 'right' },
    ]);
  });

  it('cannot be held, however near the press', () => {
    const scene = { ...EXAMPLE_SCENE, points: [found('Vein', [0, 0, 0])] };
    const pixel = lpsToPixel(frame, [0, 0, 0]);
    expect(pointInPlane(pixel, frame, scene)).toBeNull();
    expect(pointInThree(pixel, frame, scene)).toBeNull();
    const [landmark] = scene.points.map((point): MarkedPoint => ({ ...point, kind: 'landmark' }));
    expect(pointInPlane(pixel, frame, { ...scene, points: [landmark!] })).toEqual(landmark);
  });
});

describe('the landing zone’s handle', () => {
  const view = { mmPerPixel: 0.5, widthPixels: 400, heightPixels: 300 };
  const frameOf = (plane: 'axial' | 'coronal', at: Vec3) =>
    planeFrame(planeDirections(plane, LPS_AXES), at, [0, 0, 0], view);
  const zoneOf = (normal: Vec3): MarkedPoint => ({
    id: 'landingZone',
    pointLpsMm: [0, 0, 0],
    label: '',
    kind: 'zone',
    plane: { pointLpsMm: [0, 0, 0], normal },
  });
  const sceneOf = (...points: MarkedPoint[]) => ({ ...EXAMPLE_SCENE, points });
  const coronal = frameOf('coronal', [0, 0, 0]);

  it('stands aside on its section, in planes that pass near it, and in 3D, but not in the section itself', () => {
    const scene = sceneOf(zoneOf([0, 0, 1]));
    const aside: Vec3 = [8, 0, 0];
    const heldIn = (frame: typeof coronal) => pointInPlane(lpsToPixel(frame, aside), frame, scene)?.id;
    expect(heldIn(coronal)).toBe('landingZone');
    expect(heldIn(frameOf('coronal', [0, 5, 0]))).toBeUndefined();
    expect(heldIn(frameOf('axial', [0, 0, 0]))).toBeUndefined();
    const three = frameOf('axial', [0, 0, 0]);
    expect(pointInThree(lpsToPixel(three, aside), three, scene)?.id).toBe('landingZone');
  });

  it('leaves a point of the centre line at the same place within reach', () => {
    const onLine: MarkedPoint = { id: 'line:1', pointLpsMm: [0, 0, 0], label: '', kind: 'line' };
    const heldAt = (place: Vec3, scene: ReturnType<typeof sceneOf>) =>
      pointInPlane(lpsToPixel(coronal, place), coronal, scene)?.id;
    for (const points of [
      [onLine, zoneOf([0, 0, 1])],
      [zoneOf([0, 0, 1]), onLine],
    ]) {
      expect(heldAt([0, 0, 0], sceneOf(...points))).toBe('line:1');
      expect(heldAt([8, 0, 0], sceneOf(...points))).toBe('landingZone');
    }
    expect(heldAt([-8, 0, 0], sceneOf(zoneOf([0, 0, 1])))).toBeUndefined();
    // Of a section that runs up and down, above; which way its normal points makes no difference.
    for (const normal of [
      [1, 0, 0],
      [-1, 0, 0],
    ] as const) {
      expect(heldAt([0, 0, 8], sceneOf(zoneOf(normal)))).toBe('landingZone');
      expect(heldAt([0, 0, -8], sceneOf(zoneOf(normal)))).toBeUndefined();
    }
  });
});
