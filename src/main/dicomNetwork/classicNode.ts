/* A door beside index.ts: the library of the classic protocol takes a tenth of a second to load. */
export { connectNode } from './node/connectNode.ts';
export { receiveStudies } from './node/receiveStudies.ts';
