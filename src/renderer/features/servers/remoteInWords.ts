import type { RemoteSeriesInfo, RemoteStudyInfo } from '#shared/contract/services/servers.ts';
import { words } from '../../words/index.ts';

export const dateInWords = (date: string): string => date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

export const personInWords = (patientName: string): string =>
  patientName.split('^').filter(Boolean).join(', ') || words().servers.noName;

export const studyDetails = (study: RemoteStudyInfo): string => {
  const { patientId, issuerOfPatientId, date, modalities, description } = study;
  const number = issuerOfPatientId === '' ? patientId : `${patientId} (${issuerOfPatientId})`;
  return [number, dateInWords(date), modalities.join('/'), description].filter(Boolean).join(' · ');
};

export const seriesDetails = ({ modality, number, imageCount }: RemoteSeriesInfo): string =>
  [
    modality,
    number === null ? '' : words().servers.number(number),
    imageCount === null ? '' : words().servers.images(imageCount),
  ]
    .filter(Boolean)
    .join(' · ');
