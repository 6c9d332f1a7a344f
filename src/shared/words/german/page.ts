import type { pageFailures } from '../../failures/pageFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const pageWords: WordsFor<keyof typeof pageFailures> = {
  'page.not-built': () => 'Die Seiten von Auricle sind nicht gebaut. Zuerst `npm run build` ausführen.',
  'page.port-taken': ({ port }) => `Port ${port} ist belegt.`,
  'page.not-ours': () => 'Was unter dieser Adresse antwortet, ist nicht der Rechenkern von Auricle.',
  'page.engine-unreachable': () => 'Der Rechenkern von Auricle ist nicht erreichbar. Auricle neu starten.',
  'page.link-used': () =>
    'Dieser Link wurde schon benutzt. Auricle neu starten oder zu dem Fenster zurückkehren, das er geöffnet hat.',
  'page.server-restarted': () =>
    'Auricle wurde seither neu gestartet. Den Link öffnen, den es jetzt anzeigt.',
  'page.no-link': () => 'Den Link öffnen, den Auricle beim Start anzeigt.',
  'page.server-restarted-meanwhile': () =>
    'Auricle wurde neu gestartet: den angezeigten Link öffnen; dieses Fenster fährt dann mit der Arbeit fort.',
  'page.engine-lost': ({ port }) =>
    `Der Rechenkern von Auricle ist nicht erreichbar: Auricle neu starten${port && `, nötigenfalls mit --port ${port}`}; dieses Fenster behält die Arbeit und verbindet sich von selbst wieder.`,
  'page.no-region-placed': () =>
    'Das Fadenkreuz auf das Vorhofohr setzen und zuerst „Ans Fadenkreuz“ wählen.',
  'page.box-outside-scan': () => 'Der Quader liegt außerhalb des Scans: auf das Vorhofohr setzen.',
  'page.reading-stopped': () => 'Das Lesen der Bilder brach unerwartet ab: die Studie erneut öffnen.',
  'page.packing-stopped': () => 'Das Packen der Sitzung brach unerwartet ab.',
  'page.images-not-drawn': ({ reason }, { sentence }) =>
    `Die Bilder können nicht gezeichnet werden: ${sentence(reason)}`,
  'page.drop-unreadable': ({ reason }, { sentence }) =>
    `Die abgelegten Dateien können nicht gelesen werden: ${sentence(reason)}`,
  'page.without-audit-trail': ({ reason }, { sentence }) =>
    `${sentence(reason)} Ohne es kann weitergearbeitet werden.`,
};
