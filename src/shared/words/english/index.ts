import type { FailureCode } from '../../failures/failure.ts';
import type { Language, WordsFor } from '../catalogue.ts';
import { dicomWords } from './dicom.ts';
import { numpyWords } from './numpy.ts';
import { programWords } from './program.ts';
import { pytorchWords } from './pytorch.ts';
import { rpcWords } from './rpc.ts';
import { seriesWords } from './series.ts';
import { storedWords } from './stored.ts';
import { studiesWords } from './studies.ts';

const wordings: WordsFor<FailureCode> = {
  ...dicomWords,
  ...seriesWords,
  ...studiesWords,
  ...programWords,
  ...numpyWords,
  ...pytorchWords,
  ...rpcWords,
  ...storedWords,
};

export const english: Language = {
  wordings,
  /** A first word that is written in capitals is a name: "JPEG 2000 …" stays as it is. */
  clauseOf: (sentence) =>
    sentence.replace(/^[A-Z](?![A-Z0-9])/, (letter) => letter.toLowerCase()).replace(/\.$/, ''),
};
