import { expect, it } from 'vitest';
import { straight } from '#shared/planning/testing/devices.ts';
import { workspaceInMemory } from './testing/workspaceInMemory.ts';

const RADIUS_MM = 10;

/** A quarter of a circle in the coronal plane: 15.7 mm that bend by 90°. */
const bent = (() => {
  const profile = straight(15);
  const points = profile.points.map((point) => {
    const angle = point.distanceMm / RADIUS_MM;
    const pointLpsMm: [number, number, number] = [
      RADIUS_MM * Math.sin(angle),
      0,
      -RADIUS_MM * (1 - Math.cos(angle)),
    ];
    const normal: [number, number, number] = [Math.cos(angle), 0, -Math.sin(angle)];
    return { ...point, pointLpsMm, normal };
  });
  return { ...profile, points };
})();

async function planned() {
  const built = workspaceInMemory();
  const { workspace, services, viewer, turn } = built;
  const usual = services.planning.profile;
  services.planning.profile = async (request) => ({ ...(await usual(request)), profile: bent });
  await workspace.open([]);
  await turn();
  await workspace.segment();
  workspace.planning.open();
  for (let at = 0; at < 5; at++) await turn();
  const sectionMm = () => workspace.planning.store.getState().sectionMm;
  const scroll = (slices: number) => viewer.events().onScroll('axial', slices);
  return { ...built, sectionMm, scroll };
}

it('scrolling the pane that shows a section slides it along the centre line, square to it round the bend', async () => {
  const { workspace, viewer, sectionMm, scroll } = await planned();
  // No section is shown yet: the plane is scrolled as any other.
  expect(scroll(1)).toBe(false);
  workspace.planning.moveSection(5);
  // Up, as in the plot: towards the tip.
  for (let step = 0; step < 10; step++) expect(scroll(1)).toBe(true);
  expect(sectionMm()).toBe(10);
  const { crosshairLpsMm, axes } = viewer.scene();
  const at = bent.points.find(({ distanceMm }) => distanceMm === 10)!;
  expect(crosshairLpsMm).toEqual(at.pointLpsMm);
  expect(Math.abs(axes[2][0] * at.normal[0] + axes[2][2] * at.normal[2])).toBeCloseTo(1, 9);
  // To the ostium's centre, and no further.
  expect(scroll(-100)).toBe(true);
  expect(sectionMm()).toBe(0);
  await workspace.sessions.flush();
});

it('scrolling goes the same way along the line where the pane looks from the tip', async () => {
  const { workspace, viewer, sectionMm, scroll } = await planned();
  workspace.planning.moveSection(5);
  const [right, down, normal] = viewer.scene().axes;
  const [x, y, z] = right;
  workspace.view.change({ axes: [[-x, -y, -z], down, [-normal[0], -normal[1], -normal[2]]] });
  expect(scroll(1)).toBe(true);
  expect(sectionMm()).toBe(5.5);
  await workspace.sessions.flush();
});

it('a plane that was moved off the section, or another pane, is scrolled as any other', async () => {
  const { workspace, viewer, sectionMm, scroll } = await planned();
  workspace.planning.moveSection(5);
  expect(viewer.events().onScroll('coronal', 1)).toBe(false);
  const [x, y, z] = viewer.scene().crosshairLpsMm;
  viewer.events().onCrosshair([x, y + 3, z]);
  expect(scroll(0)).toBe(true);
  viewer.events().onCrosshair([x + 2, y, z]);
  expect(scroll(1)).toBe(false);
  viewer.events().onCrosshair([x, y, z]);
  workspace.view.straighten();
  expect(scroll(1)).toBe(false);
  expect(sectionMm()).toBe(5);
  await workspace.sessions.flush();
});
