/** A sentence as the second half of another one: "The file ends." → "the file ends." */
export const asClause = (sentence: string): string =>
  /^(The|At|One|Between) /.test(sentence) ? sentence[0]!.toLowerCase() + sentence.slice(1) : sentence;
