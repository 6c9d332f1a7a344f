import type { networkFailures } from '../../failures/networkFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { counted, plain } from './numbers.ts';
import { systemReason } from './systemReason.ts';

const REFUSALS = {
  calling: 'kennt den AE-Titel dieses Programms nicht',
  called: 'hat den AE-Titel nicht, unter dem er gerufen wurde',
  busy: 'ist gerade ausgelastet',
  other: 'hat die Assoziation abgelehnt',
};

const SERVICES = {
  echo: 'die Verbindungsprüfung (C-ECHO)',
  find: 'Abfragen (C-FIND)',
  get: 'den Abruf über dieselbe Verbindung (C-GET; stattdessen C-MOVE wählen)',
  move: 'den Abruf (C-MOVE)',
};

export const networkWords: WordsFor<keyof typeof networkFailures> = {
  'network.address-invalid': ({ address }) =>
    `„${address}“ ist keine Adresse eines DICOMweb-Servers wie https://pacs.hospital.org/dicom-web.`,
  'network.address-holds-password': () =>
    'Die Adresse eines Servers darf weder Benutzernamen noch Passwort noch Abfrage enthalten; diese getrennt angeben.',
  'network.fingerprint-invalid': () => 'Ein SHA-256-Fingerabdruck hat 64 hexadezimale Ziffern.',
  'network.server-gone': () => 'Dieser DICOM-Server ist nicht mehr eingerichtet.',
  'network.uid-invalid': ({ uid }) =>
    `„${uid}“ ist keine DICOM-UID (Ziffern und Punkte, höchstens 64 Zeichen).`,
  'network.date-invalid': ({ date }) =>
    `„${date}“ ist weder ein Datum noch ein Zeitraum wie 20240131 oder 20240101-20240131.`,
  'network.unreachable': ({ server, reason }) => `Der Server ${server} ist nicht erreichbar (${reason}).`,
  'network.silent': ({ server, seconds }) =>
    `Der Server ${server} antwortete nicht innerhalb von ${plain(seconds)} Sekunden.`,
  'network.connection-ended': ({ server }) => `Der Server ${server} hat die Verbindung beendet.`,
  'network.certificate-file': ({ fileName }) =>
    `Die Datei ${fileName} enthält keine lesbaren Zertifikate im PEM-Format.`,
  'network.certificate-untrusted': ({ server, reason, fingerprint }) =>
    `Dem Zertifikat von ${server} wird nicht vertraut (${reason}). Wenn die Administration der Klinik bestätigt, dass sein SHA-256-Fingerabdruck ${fingerprint} ist, diesem Fingerabdruck vertrauen oder ihre CA-Datei angeben.`,
  'network.certificate-changed': ({ server, fingerprint }) =>
    `Das Zertifikat von ${server} ist nicht das, dem vertraut wurde; sein SHA-256-Fingerabdruck ist jetzt ${fingerprint}.`,
  'network.identity-invalid': ({ fileName }) =>
    `Die Datei ${fileName} enthält kein lesbares Zertifikat mit seinem privaten Schlüssel (PEM, ohne Passwort).`,
  'network.certificate-needed': () =>
    'Der Empfang über TLS braucht ein Zertifikat dieses Programms mit seinem Schlüssel; in den Einstellungen wählen.',
  'network.no-sender-allowed': () =>
    'Die AE-Titel nennen, die senden dürfen; sonst wird niemandem geantwortet.',
  'network.received-gone': () => 'Diese Serie ist nicht mehr vorhanden.',
  'network.identity-refused': ({ server }) =>
    `Der Server ${server} verlangt ein Zertifikat dieses Programms, dem er vertraut.`,
  'network.no-tls': ({ server }) => `Der Server ${server} spricht an diesem Port kein TLS.`,
  'network.sender-no-tls': ({ reason }) =>
    `Ein Sender baute keine verschlüsselte Verbindung auf und wurde abgewiesen (${reason}).`,
  'network.password-unencrypted': ({ server }) =>
    `Die Verbindung zu ${server} ist nicht verschlüsselt, daher wird das Passwort nicht gesendet; https verwenden oder es für diesen Server erlauben.`,
  'network.password-needed': ({ server }) =>
    `Der Server ${server} verlangt Benutzernamen und Passwort oder ein Token.`,
  'network.password-refused': ({ server }) =>
    `Der Server ${server} hat Benutzernamen und Passwort oder das Token abgelehnt.`,
  'network.access-denied': ({ server }) => `Der Server ${server} erlaubt dies diesem Benutzer nicht.`,
  'network.redirected': ({ server, target }) =>
    `Der Server ${server} leitet zu ${target} um, das nicht eingerichtet ist; wenn das richtig ist, dessen Adresse verwenden.`,
  'network.redirected-endlessly': ({ server }) =>
    `Der Server ${server} leitet immer weiter um und gibt keine Antwort.`,
  'network.not-found': ({ server }) => `Der Server ${server} hat das Verlangte nicht.`,
  'network.status': ({ server, status }) => `Der Server ${server} antwortete mit dem Fehler ${status}.`,
  'network.answer-type': ({ server, contentType }) =>
    `Der Server ${server} antwortete mit ${contentType || 'einem unbekannten Typ'} statt mit DICOM; vielleicht ist die Adresse falsch.`,
  'network.answer-damaged': ({ server }) => `Die Antwort von ${server} ist beschädigt.`,
  'network.answer-cut': ({ server }) => `Die Antwort von ${server} endete zu früh.`,
  'network.answer-too-large': ({ server, bytes }) =>
    `Die Antwort von ${server} ist größer als ${bytes} Bytes, mehr als eine solche Antwort brauchen kann.`,
  'network.studies-without-uid': ({ studies }) =>
    studies === 1
      ? 'Eine weitere Studie auf dem Server passt; ihre Study Instance UID ist keine DICOM-UID, sodass sie weder aufgelistet noch abgerufen werden kann.'
      : `${studies} weitere Studien auf dem Server passen; ihre Study Instance UIDs sind keine DICOM-UIDs, sodass sie weder aufgelistet noch abgerufen werden können.`,
  'network.series-without-uid': ({ series }) =>
    series === 1
      ? 'Eine weitere Serie der Studie kann weder aufgelistet noch abgerufen werden: Ihre Series Instance UID ist keine DICOM-UID.'
      : `${series} weitere Serien der Studie können weder aufgelistet noch abgerufen werden: Ihre Series Instance UIDs sind keine DICOM-UIDs.`,
  'network.images-without-uid': ({ server, images }) =>
    `Der Server ${server} führt ${counted(images, 'ein Bild', 'Bilder')} der Serie auf, ${images === 1 ? 'dessen' : 'deren'} SOP Instance UID keine DICOM-UID ist; ${images === 1 ? 'es wurde' : 'sie wurden'} nicht abgerufen, und es fehlen vielleicht Schichten.`,
  'network.study-uid-shared': ({ patients }) =>
    `${patients} Patienten teilen sich die Study Instance UID dieser Studie: Eine Serie kann von jedem von ihnen sein.`,
  'network.other-patients-left-out': ({ patients }) =>
    `${patients} Patienten teilen sich die Study Instance UID dieser Studie; nur die Serien von diesem sind aufgeführt.`,
  'network.patients-unchecked': ({ reason }, { clause }) =>
    `Ob sich andere Patienten die Study Instance UID dieser Studie teilen, ist nicht bekannt: ${clause(reason)}.`,
  'network.study-not-listed': ({ server }) =>
    `Der Server ${server} führt die Studie nicht unter ihrer UID auf.`,
  'network.no-study': ({ server }) => `Der Server ${server} hat keine solche Studie.`,
  'network.no-series': ({ server }) => `Der Server ${server} hat keine solche Serie.`,
  'network.part-not-dicom': ({ server }) => `Der Server ${server} sandte etwas, das kein DICOM ist.`,
  'network.instance-foreign': ({ server }) =>
    `Der Server ${server} sandte ein Bild einer anderen Studie oder Serie; es wurde weggelassen.`,
  'network.instance-contradicts': ({ server }) =>
    `Der Server ${server} sandte zwei verschiedene Bilder mit derselben Kennung.`,
  'network.series-incomplete': ({ server, arrived, expected, reason }, words) =>
    `${arrived} von ${expected} Bildern der Serie kamen von ${server} an; erneut abrufen, um dort fortzufahren.${reason.map((one) => ` ${words.sentence(one)}`).join('')}`,
  'network.not-written': ({ folder, systemCode }) =>
    `Die Bilder können nicht in den Ordner ${folder} geschrieben werden (${systemReason(systemCode)}).`,
  'network.file-not-dicom': ({ fileName }) =>
    `Die Datei ${fileName} ist keine DICOM-Datei, die gesendet werden kann.`,
  'network.nothing-to-store': () => 'Es gibt keine DICOM-Dateien zu senden.',
  'network.files-contradict': ({ fileName }) =>
    `Die Datei ${fileName} hat dieselbe SOP Instance UID wie eine andere Datei mit anderem Inhalt.`,
  'network.instance-refused': ({ server, status }) =>
    `Der Server ${server} hat das Objekt abgelehnt (Status ${status}).`,
  'network.instance-unconfirmed': ({ server }) =>
    `Der Server ${server} hat nicht bestätigt, dass er das Objekt behält.`,
  'network.node-invalid': ({ address }) =>
    `„${address}“ ist keine Adresse eines DICOM-Knotens wie pacs.hospital.org:104.`,
  'network.ae-title-invalid': ({ aeTitle }) =>
    `„${aeTitle}“ ist kein AE-Titel (1 bis 16 Buchstaben, Ziffern und Zeichen, kein Backslash).`,
  'network.association-refused': ({ server, reason }) => `Der Knoten ${server} ${REFUSALS[reason]}.`,
  'network.association-aborted': ({ server }) => `Der Knoten ${server} hat die Assoziation abgebrochen.`,
  'network.sender-lost': ({ objects }) =>
    `Ein Sender brach ab; ${objects === 1 ? 'das gesendete Objekt wird' : `die ${objects} gesendeten Objekte werden`} als unvollständig behalten, bis er erneut sendet.`,
  'network.service-not-offered': ({ server, service }) =>
    `Der Knoten ${server} bietet ${SERVICES[service]} nicht an.`,
  'network.class-not-sent': ({ server, sopClassUid }) =>
    `Der Knoten ${server} sendet Objekte der Klasse ${sopClassUid} nicht über dieselbe Verbindung (C-GET); mit C-MOVE oder DICOMweb abrufen.`,
  'network.syntax-not-accepted': ({ server }) =>
    `Der Knoten ${server} nimmt diese Art von Objekt oder seine Kompression nicht an.`,
  'network.node-status': ({ server, status }) => `Der Knoten ${server} antwortete mit dem Status ${status}.`,
  'network.port-taken': ({ port, systemCode }) =>
    `Auf Port ${port} kann nicht empfangen werden (${systemCode}).`,
};
