/** The word given for an option, one of those that it knows. @throws Error that names the option and its words */
export function choiceOf<Word extends string>(option: string, given: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === given);
  if (word === undefined) throw new Error(`--${option} is one of ${words.join(', ')}, not “${given}”.`);
  return word;
}

/** How much the anatomy of phantoms varies, by the option `--variety`. */
export const varietyOf = (given: string): 'usual' | 'wide' => choiceOf('variety', given, ['usual', 'wide']);

/** What renders phantoms' scans, by the option `--render`. */
export const rendererOf = (given: string): 'cpu' | 'webgpu' => choiceOf('render', given, ['cpu', 'webgpu']);
