import type { networkFailures } from '../../failures/networkFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

const REFUSALS = {
  calling: 'does not know the AE title of this program',
  called: 'does not have the AE title that it was called by',
  busy: 'is too busy now',
  other: 'refused the association',
};
const SERVICES = {
  echo: 'verification (C-ECHO)',
  find: 'queries (C-FIND)',
  get: 'retrieval over the same connection (C-GET); fetch by C-MOVE instead',
  move: 'retrieval (C-MOVE)',
};

export const networkWords: WordsFor<keyof typeof networkFailures> = {
  'network.address-invalid': ({ address }) =>
    `"${address}" is not the address of a DICOMweb server, such as https://pacs.hospital.org/dicom-web.`,
  'network.address-holds-password': () =>
    "A server's address must not hold a user name, a password or a query; give them on their own.",
  'network.fingerprint-invalid': () => 'A SHA-256 fingerprint has 64 hexadecimal digits.',
  'network.server-gone': () => 'That DICOM server is no longer configured.',
  'network.uid-invalid': ({ uid }) => `"${uid}" is not a DICOM UID (digits and dots, at most 64).`,
  'network.date-invalid': ({ date }) =>
    `"${date}" is not a date or a range of dates, such as 20240131 or 20240101-20240131.`,
  'network.unreachable': ({ server, reason }) => `The server ${server} cannot be reached (${reason}).`,
  'network.silent': ({ server, seconds }) => `The server ${server} did not answer within ${seconds} seconds.`,
  'network.connection-ended': ({ server }) => `The server ${server} ended the connection.`,
  'network.certificate-file': ({ fileName }) =>
    `The file ${fileName} holds no certificates in PEM format that can be read.`,
  'network.certificate-untrusted': ({ server, reason, fingerprint }) =>
    `The certificate of ${server} is not trusted (${reason}). If the hospital's administrators confirm that its SHA-256 fingerprint is ${fingerprint}, trust this fingerprint, or give their CA file.`,
  'network.certificate-changed': ({ server, fingerprint }) =>
    `The certificate of ${server} is not the one that was trusted; its SHA-256 fingerprint is now ${fingerprint}.`,
  'network.identity-invalid': ({ fileName }) =>
    `The file ${fileName} does not hold a certificate that can be read and its own private key (PEM, without a password).`,
  'network.certificate-needed': () =>
    'Receiving over TLS needs a certificate of this program and its key; choose them in the settings.',
  'network.no-sender-allowed': () => 'Name the AE titles that may send; nobody else is answered.',
  'network.received-gone': () => 'That series is no longer here.',
  'network.identity-refused': ({ server }) =>
    `The server ${server} asks for a certificate of this program that it trusts.`,
  'network.no-tls': ({ server }) => `The server ${server} does not speak TLS at this port.`,
  'network.sender-no-tls': ({ reason }) =>
    `A sender did not make an encrypted connection and was turned away (${reason}).`,
  'network.password-unencrypted': ({ server }) =>
    `The connection to ${server} is not encrypted, so the password is not sent; use https, or allow it for this server.`,
  'network.password-needed': ({ server }) =>
    `The server ${server} asks for a user name and password or a token.`,
  'network.password-refused': ({ server }) =>
    `The server ${server} refused the user name and password or the token.`,
  'network.access-denied': ({ server }) => `The server ${server} does not allow this to this user.`,
  'network.redirected': ({ server, target }) =>
    `The server ${server} redirects to ${target}, which was not configured; if that is right, use its address.`,
  'network.redirected-endlessly': ({ server }) =>
    `The server ${server} redirects again and again and gives no answer.`,
  'network.not-found': ({ server }) => `The server ${server} does not have what was asked for.`,
  'network.status': ({ server, status }) => `The server ${server} answered with the error ${status}.`,
  'network.answer-type': ({ server, contentType }) =>
    `The server ${server} answered with ${contentType || 'an unknown type'} where DICOM was expected; the address may be wrong.`,
  'network.answer-damaged': ({ server }) => `The answer of ${server} is damaged.`,
  'network.answer-cut': ({ server }) => `The answer of ${server} ended too early.`,
  'network.answer-too-large': ({ server, bytes }) =>
    `The answer of ${server} is larger than ${bytes} bytes, which is more than such an answer can need.`,
  'network.studies-without-uid': ({ studies }) =>
    studies === 1
      ? 'One more study on the server matches; its Study Instance UID is no DICOM UID, so that it can be neither listed nor fetched.'
      : `${studies} more studies on the server match; their Study Instance UIDs are no DICOM UIDs, so that they can be neither listed nor fetched.`,
  'network.series-without-uid': ({ series }) =>
    series === 1
      ? 'One more series of the study cannot be listed or fetched: its Series Instance UID is no DICOM UID.'
      : `${series} more series of the study cannot be listed or fetched: their Series Instance UIDs are no DICOM UIDs.`,
  'network.images-without-uid': ({ server, images }) =>
    `The server ${server} lists ${images === 1 ? 'an image' : `${images} images`} of the series whose SOP Instance UID is no DICOM UID; ${images === 1 ? 'it was' : 'they were'} not fetched, and slices may be missing.`,
  'network.study-uid-shared': ({ patients }) =>
    `${patients} patients share the Study Instance UID of this study: a series may be of any of them.`,
  'network.other-patients-left-out': ({ patients }) =>
    `${patients} patients share the Study Instance UID of this study; only the series of this one are listed.`,
  'network.patients-unchecked': ({ reason }, { clause }) =>
    `Whether other patients share the Study Instance UID of this study is not known: ${clause(reason)}.`,
  'network.study-not-listed': ({ server }) => `The server ${server} does not list the study by its UID.`,
  'network.no-study': ({ server }) => `The server ${server} has no such study.`,
  'network.no-series': ({ server }) => `The server ${server} has no such series.`,
  'network.part-not-dicom': ({ server }) => `The server ${server} sent something that is not DICOM.`,
  'network.instance-foreign': ({ server }) =>
    `The server ${server} sent an image of another study or series; it was left out.`,
  'network.instance-contradicts': ({ server }) =>
    `The server ${server} sent two different images under the same identifier.`,
  'network.series-incomplete': ({ server, arrived, expected, reason }, words) =>
    `${arrived} of ${expected} images of the series arrived from ${server}; fetch again to go on from there.${reason.map((one) => ` ${words.sentence(one)}`).join('')}`,
  'network.not-written': ({ folder, systemCode }) =>
    `The images cannot be written to the folder ${folder} (${systemReason(systemCode)}).`,
  'network.file-not-dicom': ({ fileName }) => `The file ${fileName} is not a DICOM file that can be sent.`,
  'network.nothing-to-store': () => 'There are no DICOM files to send.',
  'network.files-contradict': ({ fileName }) =>
    `The file ${fileName} has the same SOP Instance UID as another file with different content.`,
  'network.instance-refused': ({ server, status }) =>
    `The server ${server} refused the object (status ${status}).`,
  'network.instance-unconfirmed': ({ server }) =>
    `The server ${server} did not confirm that it keeps the object.`,
  'network.node-invalid': ({ address }) =>
    `"${address}" is not the address of a DICOM node, such as pacs.hospital.org:104.`,
  'network.ae-title-invalid': ({ aeTitle }) =>
    `"${aeTitle}" is not an AE title (1 to 16 letters, digits and signs, no backslash).`,
  'network.association-refused': ({ server, reason }) => `The node ${server} ${REFUSALS[reason]}.`,
  'network.association-aborted': ({ server }) => `The node ${server} aborted the association.`,
  'network.sender-lost': ({ objects }) =>
    `A sender broke off; ${objects === 1 ? 'the object that it sent is' : `the ${objects} objects that it sent are`} kept as incomplete until it sends again.`,
  'network.service-not-offered': ({ server, service }) =>
    `The node ${server} does not offer ${SERVICES[service]}.`,
  'network.class-not-sent': ({ server, sopClassUid }) =>
    `The node ${server} does not send objects of the class ${sopClassUid} over the same connection (C-GET); fetch them by C-MOVE or DICOMweb.`,
  'network.syntax-not-accepted': ({ server }) =>
    `The node ${server} does not take this kind of object or its compression.`,
  'network.node-status': ({ server, status }) => `The node ${server} answered with the status ${status}.`,
  'network.port-taken': ({ port, systemCode }) => `Port ${port} cannot be listened on (${systemCode}).`,
};
