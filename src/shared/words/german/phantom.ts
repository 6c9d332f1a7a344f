import type { phantomFailures } from '../../failures/phantomFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { plain } from './numbers.ts';
import { systemReason } from './systemReason.ts';

export const phantomWords: WordsFor<keyof typeof phantomFailures> = {
  'phantom.folder-not-writable': ({ folder }) => `In den Ordner ${folder} kann nicht geschrieben werden.`,
  'phantom.folder-in-use': ({ folder }) =>
    `Der Ordner ${folder} enthält andere Dateien; einen leeren oder neuen wählen.`,
  'phantom.not-written': ({ folder, systemCode }) =>
    `Das Phantom konnte nicht in den Ordner ${folder} geschrieben werden (${systemReason(systemCode)}).`,
  'phantom.no-ostium': ({ seed }) => `Das Phantom zum Startwert ${seed} hat kein geschlossenes Ostium.`,
  'phantom.appendage-cut': ({ seed, percent }) =>
    `Der Scan zum Startwert ${seed} ${percent === 100 ? 'zeigt das Vorhofohr nicht' : `lässt ${plain(percent)} % des Vorhofohrs aus`}; --centre appendage setzt es in die Mitte.`,
  'phantom.no-surface': ({ seed }) =>
    `Vom Phantom zum Startwert ${seed} kann keine wahre Oberfläche gezeichnet werden.`,
};
