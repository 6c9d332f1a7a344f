import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { systemCodeOf } from '../files/systemCode.ts';

/** Turns an error of the file system into a sentence that names the file. */
export async function written<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const code = systemCodeOf(thrown) ?? '';
    if (code === '') throw thrown;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new UserError(failure('training.disk-full', { name }));
    throw new UserError(failure('training.not-written', { name, systemCode: code }), { cause: thrown });
  }
}
