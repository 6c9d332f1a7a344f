import type { PhantomTruth } from '#main/phantom/phantomTruth.ts';
import { lumenProfile } from '#main/planning/index.ts';
import { addScaled } from '#shared/geometry/vec3.ts';
import { sliceMesh } from '#shared/mesh/sliceMesh.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { DeviceSite } from '#shared/planning/virtualDevice.ts';

/** What devices are chosen and placed by, of a phantom's true lumen. */
export function trueSite(
  { ostium, depthMm, landmarksLpsMm }: PhantomTruth,
  closed: TriangleMesh,
): DeviceSite {
  const { centreLpsMm, normal } = ostium;
  const plane = { pointLpsMm: centreLpsMm, normal };
  const rim = sliceMesh(closed, addScaled(centreLpsMm, normal, 0.5), normal)[0]!.pointsLpsMm;
  const measurements = { ostium, depthMm, withheld: {} };
  const profile = lumenProfile({
    closed,
    ostiumPlane: plane,
    rimLpsMm: Float32Array.from(rim.flat()),
    measurements,
  });
  const { leftCircumflex, leftSuperiorVeinRidge } = landmarksLpsMm;
  return {
    closed,
    ostium: plane,
    appendage: { measurements, profile },
    places: {
      circumflex: leftCircumflex ?? null,
      ridge: leftSuperiorVeinRidge ?? null,
      surroundings: null,
      byModel: null,
    },
    scanGrid: null,
    landingZoneMm: null,
  };
}
