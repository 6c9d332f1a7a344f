import { expose } from 'comlink';
import { compressPart, packSession, unpackSession } from './sessionArchive.ts';

/** Compressing tens of megabytes takes about a second: not on the thread that answers the pointer. */
const methods = { packSession, compressPart, unpackSession };

export type SessionArchiveMethods = typeof methods;

expose(methods);
