import { describe, expect, it } from 'vitest';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { turnAxes } from '../obliqueAxes.ts';
import { planeDirections, planeFrame } from '../planeFrame.ts';
import { EXAMPLE_SCENE as SCENE } from '../testing/exampleHost.ts';
import { crosshairLines, dragLine, planeTarget, turnAngle } from './planeHandles.ts';

const frame = planeFrame(planeDirections('axial', LPS_AXES), [0, 0, 0], [0, 0, 0], {
  mmPerPixel: 0.5,
  widthPixels: 400,
  heightPixels: 300,
});

describe('lines of the other planes', () => {
  it('cross at the crosshair, across the whole pane', () => {
    const [coronal, sagittal] = crosshairLines('axial', frame, SCENE);
    expect(coronal).toMatchObject({ plane: 'coronal' });
    expect(coronal!.ends.map(([x, y]) => [Math.round(x), Math.round(y)]).sort()).toEqual([
      [0, 150],
      [400, 150],
    ]);
    expect(sagittal!.ends.map(([x, y]) => [Math.round(x), Math.round(y)]).sort()).toEqual([
      [200, 0],
      [200, 300],
    ]);
  });

  it('turn with the axes', () => {
    const [coronal] = crosshairLines('axial', frame, { ...SCENE, axes: turnAxes(LPS_AXES, 2, Math.PI / 6) });
    const [dx, dy] = coronal!.directionPixels;
    expect(Math.abs(dy / dx)).toBeCloseTo(Math.tan(Math.PI / 6), 9);
  });
});

describe('what a press grabs', () => {
  it('the centre, a line, a knob, or nothing', () => {
    expect(planeTarget('axial', [203, 148], frame, SCENE)).toEqual({ kind: 'crosshairCentre' });
    expect(planeTarget('axial', [60, 153], frame, SCENE)).toEqual({ kind: 'crosshairLine', line: 'coronal' });
    expect(planeTarget('axial', [200 + 0.34 * 300, 150], frame, SCENE)).toEqual({ kind: 'turn' });
    expect(planeTarget('axial', [60, 60], frame, SCENE)).toBeNull();
  });

  it('the crosshair only with its own tool', () => {
    expect(planeTarget('axial', [203, 148], frame, { ...SCENE, tool: 'window' })).toBeNull();
  });

  it('an editable region before the crosshair, unless a stroke is being drawn', () => {
    const region = { box: { centreLpsMm: [0, 0, 0], edgeMm: 60 }, editable: true } as const;
    const scene = { ...SCENE, region };
    expect(planeTarget('axial', [140, 150], frame, scene)).toEqual({ kind: 'regionMove' });
    expect(planeTarget('axial', [140, 90], frame, scene)).toMatchObject({ kind: 'regionResize' });
    expect(planeTarget('axial', [140, 90], frame, { ...scene, tool: 'brush' })).toBeNull();
    const fixed = { ...scene, region: { ...region, editable: false } };
    expect(planeTarget('axial', [140, 90], frame, fixed)).toBeNull();
  });

  it('the ends of the ostium tilt it, the rest moves it', () => {
    const plane = { pointLpsMm: [30, 0, 0], normal: [1, 0, 0] } as const;
    const scene = { ...SCENE, ostium: { plane, rimLpsMm: null, editable: true } };
    expect(planeTarget('axial', [260, 150 + 24], frame, scene)).toMatchObject({ kind: 'ostiumTilt' });
    expect(planeTarget('axial', [260, 150], frame, scene)).toEqual({ kind: 'ostiumMove' });
  });
});

it("a dragged line moves the crosshair along its plane's normal only", () => {
  expect(dragLine(SCENE, 'coronal', [1, 2, 3], [5, 7, 0])).toEqual([1, 9, 3]);
  expect(dragLine(SCENE, 'sagittal', [1, 2, 3], [5, 7, 0])).toEqual([6, 2, 3]);
});

it('a quarter turn on the screen is a quarter turn of the axes, the lines following the pointer', () => {
  const angle = turnAngle(frame, [0, 0, 0], [300, 150], [200, 250]);
  expect(Math.abs(angle)).toBeCloseTo(Math.PI / 2, 9);
  const small = turnAngle(frame, [0, 0, 0], [300, 150], [300, 180]);
  const [coronal] = crosshairLines('axial', frame, { ...SCENE, axes: turnAxes(LPS_AXES, 2, small) });
  expect(coronal!.directionPixels[1] / coronal!.directionPixels[0]).toBeCloseTo(0.3, 9);
});
