import type { DicomArchive } from '../archive.ts';
import { fetchSeries } from './fetchSeries.ts';
import { connectHttp } from './httpConnection.ts';
import type { Patience } from './httpExchange.ts';
import { oneImage } from './oneImage.ts';
import { querySeries, queryStudies } from './queryServer.ts';
import { storeFiles } from './storeFiles.ts';
import type { WebServer } from './webServer.ts';

/**
 * A DICOMweb server as an archive. Nothing is sent before the first call.
 *
 * @throws UserError where its password would be sent over an unencrypted connection
 */
export function connectWeb(server: WebServer, patience?: Patience): DicomArchive {
  const connection = connectHttp(server, patience);
  return {
    server: connection.server,
    async check(signal) {
      await queryStudies(connection, {}, { limit: 1, offset: 0, signal });
    },
    studies: (filters, page) => queryStudies(connection, filters, page),
    series: (studyUid, signal) => querySeries(connection, studyUid, signal),
    image: (series, signal) => oneImage(connection, series, signal),
    fetchSeries: (series, folder, job) => fetchSeries(connection, series, folder, job),
    store: (files, job) => storeFiles(connection, files, job),
    close: async () => connection.close(),
  };
}
