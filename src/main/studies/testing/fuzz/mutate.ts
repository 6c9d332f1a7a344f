import type { Random } from '#shared/random/random.ts';
import { byteMutations } from './byteMutations.ts';
import { elementMutations } from './elementMutations.ts';
import { elementsOf } from './elementsOf.ts';
import { fileMutations } from './fileMutations.ts';
import type { FuzzStudy } from './fuzzStudies.ts';
import { type Mutant, type Mutation, one } from './mutation.ts';

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  ...byteMutations,
  ...elementMutations,
  ...fileMutations,
};
const NAMES = Object.keys(MUTATIONS);

/** Damages a study in one way, or in two. */
export function mutate(study: FuzzStudy, random: Random): Mutant {
  for (;;) {
    const what = one(random, NAMES);
    const [name, bytes] = one(random, [...study.files]);
    const place = { study, name, bytes, elements: elementsOf(bytes), random };
    const mutant = MUTATIONS[what]!(place);
    if (mutant !== undefined) return { ...mutant, what: `${study.name}: ${what} (${name})` };
  }
}
