import type { DicomArchive } from '../archive.ts';
import type { NodePatience } from './associate.ts';
import { type DicomNode, nodeName } from './dicomNode.ts';
import { fetchFromNode, imageFromNode, type ListenForMove } from './fetchFromNode.ts';
import { echoNode, findSeries, findStudies } from './queryNode.ts';
import { storeOnNode } from './storeOnNode.ts';

export interface ConnectNodeOptions {
  /** Retrieves by C-MOVE; default: by C-GET. */
  readonly listenForMove?: ListenForMove | undefined;
  readonly patience?: NodePatience | undefined;
}

/** A classic DICOM node as an archive: every call is an association of its own. */
export function connectNode(
  node: DicomNode,
  { listenForMove, patience }: ConnectNodeOptions = {},
): DicomArchive {
  return {
    server: nodeName(node),
    check: (signal) => echoNode(node, { signal, patience }),
    studies: (filters, page) => findStudies(node, filters, page, patience),
    series: (study, signal) => findSeries(node, study, { signal, patience }),
    image: (series, signal) => imageFromNode(node, series, { signal, patience }),
    fetchSeries: (series, folder, job = {}) =>
      fetchFromNode(node, series, folder, job, listenForMove, patience),
    store: (files, job = {}) => storeOnNode(node, files, job, patience),
    close: async () => {},
  };
}
