import { expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { sourceProblem } from './objectContext.ts';
import { EXAMPLE_CONTEXT } from './testing/exampleResult.ts';

const { source } = EXAMPLE_CONTEXT;

it('takes no scan for a source whose images cannot be referred to one by one', () => {
  const instances = source.instances.map((one) => ({ ...one, sopInstanceUid: '2.25.1' }));
  expect(sourceProblem({ ...source, instances })).toEqual(
    failure('objects.source-uids-shared', { images: instances.length }),
  );
});

it('takes the frames of one file for images of their own', () => {
  const instances = source.instances.map((one, k) => ({
    ...one,
    sopInstanceUid: '2.25.1',
    frameNumber: k + 1,
  }));
  expect(sourceProblem({ ...source, instances })).toBeUndefined();
});
