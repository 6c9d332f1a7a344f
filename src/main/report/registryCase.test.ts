import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { virtualDevice } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import { collectedCases } from './collectedRegistry.ts';
import { measurementRows, shownValue } from './measurementRows.ts';
import { registryCase, registryCsv, registryJson } from './registryCase.ts';
import { PLANNED_INPUT, REPORT_INPUT, said, WITHHELD } from './testing/reportFixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-registry-'));
});
afterAll(() => rm(folder, { recursive: true }));

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

it('has each number as the report shows it, and no patient', () => {
  const one = registryCase(REPORT_INPUT);
  const shown = new Map(measurementRows(REPORT_INPUT).map((row) => [row.key, shownValue(row)]));
  expect(`${one.ostium_max_diameter_mm} mm`).toBe(shown.get('maxDiameterMm'));
  expect(`${one.ostium_area_mm2} mm²`).toBe(shown.get('areaMm2'));
  expect(`${one.landing_zone_12_min_diameter_mm} mm`).toBe(shown.get('landingZone12.minDiameterMm'));
  expect(`${one.landing_zone_12_area_mm2} mm²`).toBe(shown.get('landingZone12.areaMm2'));
  expect(one.landing_zone_12_perimeter_mm).toEqual(expect.any(Number));
  expect(one).toMatchObject({
    format: 'auricle-registry',
    format_version: 1,
    case_id: '2.25.123',
    withheld: '',
  });
  expect(registryCase(REPORT_INPUT, 'LAA-7').case_id).toBe('LAA-7');
  const csv = text(registryCsv([one]));
  for (const secret of ['DOE', 'JANE', 'A-17', '1950']) expect(csv).not.toContain(secret);
});

it('leaves what is withheld empty and names it, and has the placed device', () => {
  const one = registryCase(WITHHELD);
  expect(one).toMatchObject({ volume_ml: null, ostium_max_diameter_mm: null, c_arm_alpha_deg: null });
  expect(one.withheld).toContain('ostium_max_diameter_mm; ostium_min_diameter_mm');
  const placed = registryCase({ ...PLANNED_INPUT, plan: { ...PLANNED_INPUT.plan!, virtualDevice } });
  expect(placed).toMatchObject({
    device_table: 'Example occluder',
    device_fits_table: 'no',
    device_protrusion_mm: -1.2,
    device_compression_min_percent: 42,
  });
  // The fields stand in one order, whatever is there.
  expect(Object.keys(one)).toEqual(Object.keys(placed));
});

it('collects the cases of folders, and refuses what is none, and one that is there twice', async () => {
  const write = async (name: string, content: Uint8Array | string): Promise<string> => {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'registry.json'), content);
    return join(folder, name, 'registry.json');
  };
  await write('all/a', registryJson(registryCase(REPORT_INPUT, 'a')));
  const b = await write(
    'all/b',
    registryJson(registryCase({ ...WITHHELD, warnings: [said('=1, "x"')] }, 'b')),
  );
  const csv = join(folder, 'cases.csv');
  const cases = await collectedCases([join(folder, 'all')], csv);
  expect(cases.map(({ case_id: id }) => id)).toEqual(['a', 'b']);
  const lines = text(registryCsv(cases)).trimEnd().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/,"'=1, ""x"""$/);
  await expect(collectedCases([join(folder, 'all'), b], csv)).rejects.toMatchObject({
    failure: failure('report.registry-twice', { caseId: 'b' }),
  });
  const other = await write('other', JSON.stringify({ ...registryCase(REPORT_INPUT), format_version: 2 }));
  await expect(collectedCases([other], csv)).rejects.toMatchObject({
    failure: failure('report.not-a-registry-case', { fileName: 'other/registry.json' }),
  });
  await mkdir(join(folder, 'empty'));
  await expect(collectedCases([join(folder, 'empty')], csv)).rejects.toMatchObject({
    failure: failure('report.registry-empty'),
  });
  await expect(collectedCases([join(folder, 'all')], b)).rejects.toMatchObject({
    failure: { code: 'report.registry-replaced' },
  });
});
