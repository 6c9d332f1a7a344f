import type { rpcFailures } from '../../failures/rpcFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const rpcWords: WordsFor<keyof typeof rpcFailures> = {
  'rpc.connection-lost': () =>
    'Die Verbindung zum Rechenkern von Auricle ging verloren, bevor dies abgeschlossen war.',
  'rpc.not-connected': () => 'Der Rechenkern von Auricle ist nicht verbunden.',
};
