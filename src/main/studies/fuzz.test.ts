import { beforeAll, describe, expect, it } from 'vitest';
import { joined } from '#shared/dicom/testing/compressedFixtures.ts';
import { changed } from '#shared/dicom/testing/ctFixtures.ts';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
import { createFuzzer, type Fuzzer } from './testing/fuzz/fuzzer.ts';
import { fuzzStudies } from './testing/fuzz/fuzzStudies.ts';
import { createJudge } from './testing/fuzz/judge.ts';

/** As many as take a second; `npm run bench:fuzz` reads a hundred thousand. */
const MUTANTS = 250;

describe('damaged studies', () => {
  let fuzzer: Fuzzer;
  beforeAll(async () => {
    // The libraries' encoders take seconds to start.
    fuzzer = await createFuzzer(false);
  });

  it('are read rightly, warned of or refused', async () => {
    const faults: string[] = [];
    const results = new Set<string>();
    for (let number = 0; number < MUTANTS; number++) {
      const { what, outcome } = await fuzzer.run(number);
      results.add(outcome.result);
      if (outcome.fault !== undefined) faults.push(`${number} ${what}: ${outcome.fault}`);
    }
    expect(faults).toEqual([]);
    expect(results).toEqual(new Set(['same', 'warned of', 'refused', 'as it now says']));
  });

  it('are the same for the same number', () => {
    const [one, again] = [fuzzer.mutant(7), fuzzer.mutant(7)];
    expect(one).toEqual(again);
    expect(one).not.toEqual(fuzzer.mutant(8));
  });
});

describe('createJudge', () => {
  it('finds values and places that changed without a word, and files that vanished', async () => {
    const [study] = await fuzzStudies(false);
    const judge = await createJudge(study!);
    const [name, bytes] = [...study!.files][2]!;
    const faultOf = async (bytesNow: Uint8Array, changedFiles: readonly string[], voxels: number) =>
      (
        await judge({
          what: 'test',
          files: new Map([...study!.files, [name, bytesNow]]),
          changedFiles: new Set(changedFiles),
          effect: { voxels },
        })
      ).fault;
    const otherPixel = bytes.slice();
    otherPixel[bytes.length - 1]! ^= 1;
    expect(await faultOf(otherPixel, [name], 1)).toBeUndefined();
    expect(await faultOf(otherPixel, [name], 0)).toMatch(/1 voxels of IM0003 0 have other values/);
    expect(await faultOf(otherPixel, [], 5)).toMatch(/though its file is sound/);
    // A disc's index is no slice, and nothing is said of it.
    const index = writeDicomFile([{ tag: 0x00020002, vr: 'UI', value: '1.2.840.10008.1.3.10' }], []);
    const text = changed([], { '0008,0005': 'ISO_IR 100' });
    const directory = joined([index, writeDicomFile([], text).subarray(132 + 12)]);
    expect(await faultOf(directory, [], 0)).toMatch(/vanished, though it is sound/);
  });
});
