/* A door beside index.ts: the library of the classic protocol takes a tenth of a second to load. */
export { connectNode } from './node/connectNode.ts';
export { type ListenForMove, listenAt } from './node/fetchFromNode.ts';
export { receiveStudies, type StudyReceiver } from './node/receiveStudies.ts';
