import { describe, expect, it } from 'vitest';
import { failure, failureCodes } from '../failures/failure.ts';
import { sampleFailure } from '../failures/testing/sampleFailure.ts';
import { COMMAND_LINE_ROOMS } from './german/pageFailures.ts';
import { words } from './words.ts';

const { sentence, clause } = words('de');

describe('German', () => {
  it('words every failure that the page can meet', () => {
    const onPage = failureCodes.filter(
      (code) => !COMMAND_LINE_ROOMS.some((room) => code.startsWith(`${room}.`)),
    );
    expect(onPage.length).toBeGreaterThan(300);
    // Sentences that were made elsewhere; "Axial."
    const asItIs = ['program.error', 'series.point-orientation', 'stored.sentence'];
    const english = onPage.filter(
      (code) => sentence(sampleFailure(code)) === words('en').sentence(sampleFailure(code)),
    );
    expect(english.sort()).toEqual(asItIs);
  });

  it('writes numbers with a comma', () => {
    expect(sentence(failure('planning.landing-zone-nearest', { nearestMm: 11.5 }))).toContain('11,5 mm');
    for (const code of failureCodes) {
      if (COMMAND_LINE_ROOMS.some((room) => code.startsWith(`${room}.`))) continue;
      // Options of the command line and addresses aside, no number has a point.
      const text = sentence(sampleFailure(code)).replace(
        /--\S+|0\.8 0\.1 0\.1|\S*\.(?:org|json|exe|png|mha)\S*/g,
        '',
      );
      expect(text, code).not.toMatch(/\d\.\d/);
    }
  });

  it('writes articles small within a sentence, and leaves nouns and names', () => {
    expect(clause(failure('dicom.file-empty'))).toBe('die Datei ist leer');
    expect(clause(failure('measure.no-bend'))).toBe('keine Biegung > 45° gefunden');
    expect(clause(failure('rpc.not-connected'))).toBe('der Rechenkern von Auricle ist nicht verbunden');
    expect(clause(failure('series.point-step', { stepMm: 0.5 }))).toBe('Schichtabstand 0,50 mm');
    expect(
      sentence(
        failure('dicom.slice-undecodable', {
          fileName: 'A',
          reason: failure('dicom.compressed-damaged'),
        }),
      ),
    ).toBe('Die Datei A kann nicht gelesen werden: die komprimierten Pixeldaten sind beschädigt.');
  });
});
