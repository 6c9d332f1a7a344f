import { describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { cycle } from '#shared/phases/testing/cycle.ts';
import { cycleContent } from './cycleContent.ts';
import { measurementsCsv } from './measurementsCsv.ts';
import { measurementsJson } from './measurementsJson.ts';
import { phasesCsv } from './phasesCsv.ts';
import { registryCase, registryCsv } from './registryCase.ts';
import { reportHtml } from './reportHtml.ts';
import { allWarnings, type ReportInput } from './reportInput.ts';
import { REPORT_INPUT } from './testing/reportFixture.ts';

const { report } = REPORT_INPUT;
/** A result of the phase at 0 %, whose ostium is not the largest. */
const INPUT: ReportInput = {
  ...REPORT_INPUT,
  phases: cycle,
  report: { ...report, source: { ...report.source, heartPhase: cycle[0]!.phase } },
};
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('the heart cycle in a report', () => {
  it('is a table with a row for each phase, what changes, and what is not given', () => {
    const { sizing, heads, rows, ownRow, changes, notGiven } = cycleContent(INPUT)!;
    expect(sizing).toMatch(/^Size at 40 %.*All other numbers of this report are those of 0 %\.$/);
    expect(heads.slice(0, 3)).toEqual(['Phase', 'Volume, mL', 'Ostium, area, mm²']);
    expect(rows.map((row) => row.slice(0, 3))).toEqual([
      ['0 %', '6.0', '420'],
      ['40 %', '8.0', '500'],
      ['60 %', '–', '–'],
      ['80 %', '–', '350'],
    ]);
    expect(changes[0]).toBe('Volume: 8.0 mL (40 %) to 6.0 mL (0 %), −25 %');
    // One line for a reason, whatever phases it is of; sizes are named where others are given.
    expect(notGiven).toEqual([
      'Landing zone at 10 mm, perimeter-derived diameter, at 0 %, 40 %, 80 %: Not measurable: the perpendicular plane here intersects the ostium.',
      '60 %: No left atrial appendage could be delineated in this series.',
      'Volume, at 80 %: The appendage is truncated by the scan.',
    ]);
    expect(ownRow).toBe(0);
    expect(cycleContent({ ...INPUT, phases: cycle.slice(0, 1) })).toBeNull();
    const html = text(reportHtml(INPUT));
    expect(html).toContain('<tr class="own"><td>0 %</td>');
    expect(html).toContain('<td>40 %</td><td>8.0</td><td>500</td>');
    expect(html).toContain('0 %, by Nominal Percentage of Cardiac Phase');
  });

  it('warns where the numbers are of another phase than that of the largest ostium', () => {
    expect(allWarnings(INPUT)[0]).toBe(
      'These numbers are of the heart phase 0 %; the ostium is larger at 40 % (500 mm²).',
    );
    const largest = { ...INPUT.report, source: { ...report.source, heartPhase: cycle[1]!.phase } };
    expect(allWarnings({ ...INPUT, report: largest }).join()).not.toContain('heart phase');
    expect(allWarnings(REPORT_INPUT).join()).not.toContain('heart phase');
  });
});

describe('the heart cycle in files for programs', () => {
  it('stands in the registry with the phase of the numbers and that of the largest ostium', () => {
    const one = registryCase(INPUT);
    expect(one).toMatchObject({
      heart_phase: '0 %',
      cycle_phases: '0 %; 40 %; 60 %; 80 %',
      cycle_sizing_phase: '40 %',
      cycle_volume_change_percent: 25,
      cycle_ostium_area_change_percent: 30,
      cycle_volume_ml: '0 %: 6.0; 40 %: 8.0',
      cycle_ostium_area_mm2: '0 %: 420; 40 %: 500; 80 %: 350',
      cycle_landing_zone_10_perimeter_derived_diameter_mm: '',
    });
    // The same fields of every case.
    expect(Object.keys(registryCase(REPORT_INPUT))).toEqual(Object.keys(one));
    expect(registryCase(REPORT_INPUT)).toMatchObject({ heart_phase: null, cycle_volume_ml: null });
    expect(text(registryCsv([one]))).toContain('0 %: 6.0; 40 %: 8.0');
  });

  it('stands in JSON and CSV of the measurements, without UIDs of the other series', () => {
    const json = JSON.parse(text(measurementsJson(INPUT)));
    expect(json.source.heartPhase.label).toBe('0 %');
    expect(json.heartCycle).toMatchObject({
      sizing: { phase: '40 %' },
      phases: [{ label: '0 %' }, {}, {}, {}],
    });
    expect(text(measurementsJson(INPUT))).not.toContain('1.2.40');
    expect(JSON.parse(text(measurementsJson(REPORT_INPUT))).heartCycle).toBeNull();
    const csv = text(measurementsCsv(INPUT));
    expect(csv).toContain('\r\nheartPhase,Heart phase of these numbers,0 %,,');
    expect(csv).toContain('\r\nsizingPhase.areaMm2,"Ostium, area, there",500,');
  });

  it('is a table of its own, rounded, in ASCII, with no cell that a spreadsheet takes for a formula', () => {
    const [first, ...rest] = cycle;
    const odd = {
      ...first!,
      phase: { ...first!.phase, label: '=1+1', attribute: '@SUM(A1)' },
      measurements: { ...first!.measurements!, volumeMl: 6.123456789 },
      warnings: [failure('stored.sentence', { sentence: '+cmd|"x"' })],
    };
    const lines = text(phasesCsv([odd, ...rest]))
      .trimEnd()
      .split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^phase,percent,knownBy,volumeMl,ostium\.areaMm2/);
    expect(lines[1]).toMatch(/^'=1\+1,0,'@SUM\(A1\),6\.123,420,/);
    expect(lines[1]?.endsWith(`"'+cmd|""x"""`)).toBe(true);
    expect(lines[2]).toMatch(/^40 %,40,Nominal Percentage of Cardiac Phase,8,500,/);
    expect(lines[3]).toMatch(/^60 %,60,Nominal Percentage of Cardiac Phase,,,/);
    expect([...lines.join('')].every((character) => character >= ' ' && character <= '~')).toBe(true);
  });
});
