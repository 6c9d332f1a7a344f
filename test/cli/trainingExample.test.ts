import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCloudText } from '#main/interchange/pointCloud.ts';
import { decodeSurface } from '#main/interchange/surfaceFile.ts';
import { sampleSurface } from '#main/mesh/surfaceSamples.ts';
import { readmeCommands, withOption } from '../../tools/readmeCommands.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  filesBelow,
  startCommandLines,
  temporaryFolder,
} from './builtProgram.ts';

/** The commands of the documents that use the example under examples/. `npm run bench:training` runs the README's in full. */
let program: BuiltProgram;
let commands: CommandLines;
let folder = '';
beforeAll(async () => {
  program = await builtProgram();
  commands = startCommandLines(program.file);
  folder = await temporaryFolder();
});
afterAll(async () => {
  commands.stop();
  await program.remove();
  await rm(folder, { recursive: true, force: true });
});

const CASE = 'examples/training/synthetic-1';

it('the example is, byte for byte, what its README says makes it', async () => {
  const [phantom] = readmeCommands(await readFile('examples/README.md', 'utf8'), '# Examples');
  const out = join(folder, 'phantom');
  const made = await commands.run(...withOption(phantom!, '--out', out));
  expect(made.complaints).toEqual([]);
  expect(await filesBelow(join(CASE, 'ct'))).toEqual(await filesBelow(join(out, 'dicom')));
  const pairs = [
    ['segmentation.stl', 'truth/laa-wall.stl'],
    ...(await filesBelow(join(CASE, 'ct'))).map((name) => [`ct/${name}`, `dicom/${name}`]),
  ] as const;
  for (const [own, again] of pairs) {
    const same = (await readFile(join(CASE, own!))).equals(await readFile(join(out, again!)));
    expect(same, `${own}: make the example again as examples/README.md says`).toBe(true);
  }
});

describe("the README's training", () => {
  it('runs as it is written, with fewer points, epochs and cells', async () => {
    const steps = readmeCommands(await readFile('README.md', 'utf8'), '## Train a network');
    expect(steps.map(([name]) => name)).toEqual(['prepare', 'train', 'predict', 'mesh', 'evaluate']);
    const run = async (words: readonly string[], fewer: Readonly<Record<string, string>> = {}) => {
      const changed = Object.entries(fewer).reduce<readonly string[]>(
        (list, [option, value]) => withOption(list, option, value),
        words.map((word) => word.replace('out/training', folder)),
      );
      return commands.run(...changed);
    };
    const [prepare, train, predict, mesh, evaluate] = steps;
    expect(await run(prepare!, { '--points': '500' })).toMatchObject({ code: 0 });
    const trained = await run(train!, { '--epochs': '1', '--points': '200' });
    expect(trained.code, trained.stderr).toBe(0);
    // After one step the network has learnt nothing: it may well find no surface.
    const predicted = await run(predict!, { '-batch_points': '500', '--points': '500' });
    if (predicted.code !== 0) expect(predicted.stderr).toMatch(/vanishes nowhere/);

    // A cloud as a trained network makes it.
    const truth = decodeSurface(await readFile(join(CASE, 'segmentation.stl')), 'segmentation.stl');
    const { pointsLpsMm } = sampleSurface(truth, 0.1);
    const cloud = mesh!.find((word) => word.endsWith('.txt'))!.replace('out/training', folder);
    await mkdir(join(cloud, '..'), { recursive: true });
    await writeFile(cloud, encodeCloudText(pointsLpsMm));
    expect(await run([...mesh!, '--cells', '64'])).toMatchObject({ code: 0 });
    const { stdout, code } = await run(evaluate!);
    expect(code).toBe(0);
    expect(Number(/average symmetric distance +([\d.]+) mm/.exec(stdout)?.[1])).toBeLessThan(1);
  });
});
