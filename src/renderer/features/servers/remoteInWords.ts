import type { RemoteSeriesInfo, RemoteStudyInfo } from '#shared/contract/services/servers.ts';

export const dateInWords = (date: string): string => date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

export const personInWords = (patientName: string): string =>
  patientName.split('^').filter(Boolean).join(', ') || 'Without a name';

export const studyDetails = ({ patientId, date, modalities, description }: RemoteStudyInfo): string =>
  [patientId, dateInWords(date), modalities.join('/'), description].filter(Boolean).join(' · ');

export const seriesDetails = ({ modality, number, imageCount }: RemoteSeriesInfo): string =>
  [
    modality,
    number === null ? '' : `no. ${number}`,
    imageCount === null ? '' : `${imageCount} ${imageCount === 1 ? 'image' : 'images'}`,
  ]
    .filter(Boolean)
    .join(' · ');
