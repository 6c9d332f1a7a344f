import { createRandom, type Random } from '#shared/random/random.ts';
import { type FuzzStudy, fuzzStudies } from './fuzzStudies.ts';
import { createJudge, type Outcome } from './judge.ts';
import { mutate } from './mutate.ts';
import type { Mutant } from './mutation.ts';

/** A mutant that was read. */
export interface FuzzedMutant {
  readonly what: string;
  readonly outcome: Outcome;
  /**
   * What other readers need to check it: for each changed file that was loaded as what it now says a record of its
   * description's length (32 bits), the description (JSON), the file, and its HU.
   */
  forPeers(): Uint8Array[];
}

export interface Fuzzer {
  mutant(number: number): Mutant;
  describe(number: number): string;
  run(number: number): Promise<FuzzedMutant>;
}

/** Mutants by number: the same number gives the same files on every machine. */
export async function createFuzzer(withLibraries = true): Promise<Fuzzer> {
  const studies = await fuzzStudies(withLibraries);
  const judges = await Promise.all(studies.map(createJudge));
  const draw = (
    number: number,
  ): { readonly which: number; readonly study: FuzzStudy; readonly random: Random } => {
    const random = createRandom(Math.imul(number + 1, 0x9e3779b1)).fork('mutant');
    const which = random.integer(0, studies.length - 1);
    return { which, study: studies[which]!, random };
  };
  const mutant = (number: number): Mutant => {
    const { study, random } = draw(number);
    return mutate(study, random);
  };
  return {
    mutant,
    describe: (number) => mutant(number).what,
    async run(number) {
      const made = mutant(number);
      const outcome = await judges[draw(number).which]!(made);
      return { what: made.what, outcome, forPeers: () => recordsOf(number, made, outcome) };
    },
  };
}

function recordsOf(number: number, { what, files }: Mutant, { asSaid, result }: Outcome): Uint8Array[] {
  return asSaid
    .filter(({ frame }) => frame === 0)
    .map(({ fileName, valuesHu, cornersLpsMm }) => {
      const file = files.get(fileName)!;
      const said = {
        number,
        what,
        result,
        fileBytes: file.length,
        voxels: valuesHu.length,
        atLpsMm: cornersLpsMm[0],
      };
      const description = Buffer.from(JSON.stringify(said));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(description.length);
      return Buffer.concat([length, description, file, new Uint8Array(valuesHu.slice().buffer)]);
    });
}
