import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KEEPS_NOTHING } from '#shared/contract/services/exporting.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { createSettings, DEFAULT_SETTINGS } from './settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auricle-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const exportOptions = {
  products: ['wall' as const],
  meshFormats: ['stl' as const],
  maskFormats: [],
  documents: [],
  dicomObjects: [],
  isAnonymous: false,
  withScan: false,
  keptIdentity: KEEPS_NOTHING,
  frame: 'RAS' as const,
  shellThicknessMm: 2,
  shellBaseMm: 0,
  simulation: { edgeMm: 1, inletMm: 10 },
};

function read(text?: string) {
  const notices: Failure[] = [];
  if (text !== undefined) writeFileSync(join(folder, 'settings.json'), text);
  const settings = createSettings(folder, (what) => void notices.push(what));
  return { settings, notices };
}

it('changes those that are given, one change after the other', async () => {
  const { settings } = read();
  await Promise.all([
    settings.change({ engine: 'onnx' }),
    settings.change({ exportOptions }),
    settings.change({ acknowledgedNotice: 'Seen.' }),
  ]);
  const expected = { ...DEFAULT_SETTINGS, engine: 'onnx', exportOptions, acknowledgedNotice: 'Seen.' };
  expect(settings.current()).toEqual(expected);
  expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toEqual(expected);
  expect(read().settings.current()).toEqual(expected);
});

it('reads a file of a version that kept fewer, or other export options, without a complaint', () => {
  for (const [text, expected] of [
    ['{"engine":"onnx","resolution":256}', { engine: 'onnx', resolution: 256 }],
    ['{"engine":"onnx","resolution":64}', { engine: 'onnx', resolution: 64 }],
    [
      JSON.stringify({ engine: 'onnx', exportOptions: { ...exportOptions, meshFormats: ['abc'] } }),
      { engine: 'onnx' },
    ],
  ] as const) {
    const { settings, notices } = read(text);
    expect(settings.current()).toEqual({ ...DEFAULT_SETTINGS, ...expected });
    expect(notices).toEqual([]);
  }
});

it('begins anew, and says so, where the file is damaged', () => {
  for (const text of ['no json', '{"engine":"abacus"}', '{"colour":"blue"}']) {
    const { settings, notices } = read(text);
    expect(settings.current()).toEqual(DEFAULT_SETTINGS);
    expect(notices).toEqual([failure('storage.settings-damaged')]);
  }
});
