import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hardCodedWords } from './wordsOfPage.ts';

const RENDERER = join(import.meta.dirname, '../../src/renderer');

/** Names, formats and units, which are the same in every language. */
const SAME =
  /^(?:Auricle|DICOMweb|Esc|LAO|RAO|LPS, mm \(DICOM\)|RAS, mm|SHA-256|SCANNER, PACS|CT|Doe|mm|HU|Dice|\(TLS\)|https?:\S+|[\w.]+:\d+)$/;

it('finds texts between elements, in attributes and in choices', () => {
  const source = `
    const A = [{ key: 'b', label: 'Brush' }];
    export const B = () => <p title={isOn ? 'On now' : words().off} data-testid="not shown">Some <b>{n === 'all' ? 'All' : x}</b> mm</p>;`;
  expect(hardCodedWords('B.tsx', source).map(({ text }) => text)).toEqual([
    'Brush',
    'On now',
    'Some',
    'All',
    'mm',
  ]);
});

it('the components take every text from the catalogue of words', () => {
  const components = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.tsx') && !/testing|\.test\./.test(name),
  );
  expect(components.length).toBeGreaterThan(60);
  const found = components.flatMap((name) =>
    hardCodedWords(name, readFileSync(join(RENDERER, name), 'utf8'))
      .filter(({ text }) => !SAME.test(text))
      .map(({ text, line }) => `${name}:${line} ${text}`),
  );
  expect(found).toEqual([]);
});
