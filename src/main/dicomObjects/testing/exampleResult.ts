import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureOstium } from '#shared/anatomy/ostiumMeasures.ts';
import type { LumenSection } from '#shared/contract/report.ts';
import { measured, report } from '#shared/contract/testing/values.ts';
import { ctSlice, rampVolume } from '#shared/dicom/testing/ctFixtures.ts';
import { defaultCtSeriesMetadata, syntheticUids } from '#shared/dicom/writeCtSlice.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { addScaled, cross, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { sliceMesh } from '#shared/mesh/sliceMesh.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { words } from '#shared/words/words.ts';
import { encodeNrrd } from '../../interchange/nrrd.ts';
import { encodeStl } from '../../interchange/stl.ts';
import { picturePng } from '../../report/testing/reportFixture.ts';
import type { ObjectContext } from '../objectContext.ts';

/** As reports hold them: one names a file, and that a patient. */
export const EXAMPLE_WARNINGS = [
  words().sentence(
    failure('series.images-left-out', {
      images: 1,
      fileName: 'Doe 17.dcm',
      reason: failure('dicom.units-unlabelled'),
    }),
  ),
  words().sentence(failure('series.slices-thick', { thicknessMm: 3 })),
];

const normal = normalize([0.1, -0.2, 0.97]);
const alongRow = perpendicular(normal);

/** Oblique, 13 × 11: frames of single bits end within a byte. */
export const EXAMPLE_GRID: GridLps = {
  sizeIjk: [13, 11, 7],
  originLpsMm: [-20.5, -180.25, 310.125],
  spacingMm: [0.5, 0.75, 1.25],
  directions: [alongRow, cross(normal, alongRow), normal],
};

/** Labels that no turn or mirror maps onto themselves; the first slice and the last two hold nothing. */
export const EXAMPLE_MASK = Uint8Array.from({ length: voxelCount(EXAMPLE_GRID) }, (_, voxel) => {
  const [i, j, k] = [voxel % 13, Math.floor(voxel / 13) % 11, Math.floor(voxel / 143)];
  return k >= 1 && k <= 4 && (i * i + 3 * j + 5 * k) % 7 === 1 && i + j < 17 ? 1 : 0;
});

const centre = ijkToLps(EXAMPLE_GRID, [6, 5, 3]);
export const EXAMPLE_MESH = icosphere(centre, 2.5, 1);

const rounded = (value: number): number => Math.round(1000 * value) / 1000;

/** A section of the example's surface, `heightMm` above its centre, as reports have it. */
function sectionAt(heightMm: number): { rimLpsMm: readonly Vec3[]; section: LumenSection } {
  const [loop] = sliceMesh(EXAMPLE_MESH, addScaled(centre, normal, heightMm), normal);
  const rimLpsMm = loop?.pointsLpsMm ?? [];
  const measures = measureOstium(rimLpsMm, { pointLpsMm: rimLpsMm[0] ?? centre, normal });
  return {
    rimLpsMm,
    section: {
      centreLpsMm: [...measures.centreLpsMm],
      normal: [...normal],
      areaMm2: rounded(measures.areaMm2),
      perimeterMm: rounded(measures.perimeterMm),
      maxDiameterMm: rounded(measures.maxDiameter.lengthMm),
      minDiameterMm: rounded(measures.minDiameter.lengthMm),
      areaDerivedDiameterMm: rounded(measures.areaDerivedDiameterMm),
      perimeterDerivedDiameterMm: rounded(measures.perimeterDerivedDiameterMm),
      eccentricity: rounded(measures.eccentricity),
    },
  };
}

const ostium = sectionAt(-1);

/** Measures whose ostium and first landing zone lie on the example's surface; the second one lies elsewhere. */
export const EXAMPLE_MEASURES = {
  measurements: {
    ...measured.measurements,
    ostium: ostium.section,
    landingZones: [
      { ...sectionAt(0.5).section, distanceMm: 10 },
      ...measured.measurements.landingZones.slice(1),
    ],
  },
  surface: { closed: EXAMPLE_MESH, rimLpsMm: ostium.rimLpsMm },
  contrast: report.contrast,
  filling: {
    filledMl: 5.5,
    unfilledMl: 2.384,
    uncertaintyMl: 0.08,
    filledHu: 371,
    unfilledHu: 62.5,
    fromDepthMm: 17.25,
    toDepthMm: 30.5,
  },
};

export const MADE_AT = new Date('2026-03-04T05:06:07Z');

/** A source as `readSourceSeries` gives it, with texts beyond Latin and values that need care. */
export const EXAMPLE_CONTEXT: ObjectContext = {
  source: {
    attributes: {
      PatientName: 'Łukasz^Jörg=山田^太郎',
      PatientID: 'ÄÖ-17',
      PatientBirthDate: '19500102',
      PatientSex: 'O',
      PatientWeight: '70.5',
      StudyInstanceUID: '2.25.100',
      StudyDate: '20260101',
      StudyTime: '101112.5',
      StudyDescription: 'Herz-CT, präoperativ',
      FrameOfReferenceUID: '2.25.300',
      SeriesInstanceUID: '2.25.200',
      SeriesNumber: '7',
      AcquisitionDate: '20260101',
      AcquisitionTime: '101213',
    },
    instances: Array.from({ length: EXAMPLE_GRID.sizeIjk[2] }, (_, k) => ({
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUid: `2.25.200${k}`,
      frameNumber: null,
      positionLpsMm: ijkToLps(EXAMPLE_GRID, [0, 0, k]),
    })),
  },
  programVersion: '1.2.3',
  models: [
    { id: 'laa-region-64', kind: 'region', sha256: 'a1'.repeat(32) },
    { id: 'laa-nudf-128', kind: 'field', sha256: 'b2'.repeat(32) },
  ],
  edits: [],
  review: 'not reviewed',
  reviewedBy: null,
  notice: 'Research use only.',
  madeAt: MADE_AT,
};

/** Writes a scan and a result of it, as `auricle segment` does, into `folder`. @returns both folders */
export function writeExampleFolders(folder: string): { scan: string; result: string } {
  const scan = join(folder, 'scan');
  const result = join(folder, 'result');
  mkdirSync(scan);
  mkdirSync(result);
  const volume = rampVolume(EXAMPLE_GRID);
  for (let k = 0; k < EXAMPLE_GRID.sizeIjk[2]; k++) {
    writeFileSync(join(scan, `${k}.dcm`), ctSlice(volume, k, { '0010,0010': 'Doe^Jane', '0020,0011': '7' }));
  }
  const seriesInstanceUid = syntheticUids(defaultCtSeriesMetadata(1, EXAMPLE_GRID), EXAMPLE_GRID).series;
  writeFileSync(join(result, 'mask.nrrd'), encodeNrrd({ grid: EXAMPLE_GRID, data: EXAMPLE_MASK }));
  writeFileSync(join(result, 'laa-closed.stl'), encodeStl(EXAMPLE_MESH));
  writeFileSync(join(result, 'preview.png'), picturePng());
  const content = {
    ...report,
    warnings: EXAMPLE_WARNINGS,
    source: { ...report.source, seriesInstanceUid },
  };
  writeFileSync(join(result, 'report.json'), JSON.stringify(content));
  utimesSync(join(result, 'report.json'), MADE_AT, MADE_AT);
  return { scan, result };
}
