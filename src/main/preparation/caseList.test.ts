import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isCaseName, readCaseList } from './caseList.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-list-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function files(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await (path.endsWith('/')
      ? mkdir(join(folder, path), { recursive: true })
      : writeFile(join(folder, path), ''));
  }
}

describe('a folder of cases', () => {
  it('finds phantoms and pairs by their names, and lists what is no case with its reason', async () => {
    await files('a/dicom/', 'a/truth/', 'b/ct.nii.gz', 'b/segmentation.nrrd', 'c/dicom/', 'c/laa.stl');
    await files(
      'd/ct.nrrd',
      'd/notes.txt',
      'e/ct.nrrd',
      'e/image.mha',
      'e/labels.nrrd',
      'split.npz',
      '.hidden/ct.nrrd',
    );
    const { requests, refused } = await readCaseList(folder, { label: 4, surfaceSpace: 'RAS' });
    expect(requests).toEqual([
      { name: 'a', input: { kind: 'phantom-folder', folder: join(folder, 'a') } },
      ...[
        ['b', 'ct.nii.gz', 'segmentation.nrrd'],
        ['c', 'dicom', 'laa.stl'],
      ].map(([name, image, segmentation]) => ({
        name,
        input: {
          kind: 'files',
          label: 4,
          surfaceSpace: 'RAS',
          image: join(folder, name!, image!),
          segmentation: join(folder, name!, segmentation!),
        },
      })),
    ]);
    expect(refused).toEqual([
      { name: 'd', reason: { code: 'preparation.case-folder', fields: { images: 1, segmentations: 0 } } },
      { name: 'e', reason: { code: 'preparation.case-folder', fields: { images: 2, segmentations: 1 } } },
    ]);
  });

  it("takes a case's own folder by itself, as a cohort does", async () => {
    await files('study/ct/1.dcm', 'study/segmentation.obj');
    const image = join(folder, 'study', 'ct');
    const segmentation = join(folder, 'study', 'segmentation.obj');
    expect(await readCaseList(join(folder, 'study'))).toEqual({
      requests: [{ name: 'study', input: { kind: 'files', image, segmentation } }],
      refused: [],
    });
  });

  it('takes one phantom by itself, and refuses a folder without cases', async () => {
    await files('phantom/dicom/', 'phantom/truth/', 'empty/');
    expect((await readCaseList(join(folder, 'phantom'))).requests.map(({ name }) => name)).toEqual([
      'phantom',
    ]);
    await expect(readCaseList(join(folder, 'empty'))).rejects.toThrow('"empty" holds no cases.');
    await expect(readCaseList(join(folder, 'nowhere'))).rejects.toThrow('"nowhere" is not there.');
  });
});

describe('a table of cases', () => {
  const read = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return (await readCaseList(join(folder, name), { label: 1 })).requests;
  };

  it('reads CSV with any separator, quotes and line ends, paths relative to it', async () => {
    const expected = [
      {
        name: 'first, "one"',
        patient: '17',
        input: {
          kind: 'files',
          label: 1,
          atriumLabel: 3,
          image: join(folder, 'a/ct'),
          segmentation: join(folder, 'a/laa.stl'),
          surfaceSpace: 'RAS',
          centreLpsMm: [1, -2.5, 3],
        },
      },
      { name: 'p', input: { kind: 'phantom-folder', folder: join(folder, 'p') } },
    ];
    for (const [separator, end] of [
      [',', '\n'],
      [';', '\r\n'],
      ['\t', '\n'],
    ] as const) {
      const lines = [
        ['name', 'patient', 'image', 'segmentation', 'phantom', 'atrium_label', 'surface_space', 'centre'],
        ['"first, ""one"""', '17', 'a/ct', 'a/laa.stl', '', '3', 'ras', '"1 -2.5 3"'],
        ['p', '', '', '', 'p', '', '', ''],
        ['', '', '', '', '', '', '', ''],
      ];
      // The quotes of the first name are none that a folder may have.
      const text = `\ufeff${lines.map((cells) => cells.join(separator)).join(end)}${end}`;
      await expect(read('cases.csv', text)).rejects.toThrow('Row 1 of "cases.csv" is wrong');
      const [first, second] = await read('cases.csv', text.replace('"first, ""one"""', '"first, one"'));
      expect([first, second]).toEqual([{ ...expected[0], name: 'first, one' }, expected[1]]);
    }
  });

  it('reads JSON', async () => {
    const [only] = await read(
      'cases.json',
      JSON.stringify([
        { image: 'ct', segmentation: 'x/laa.vtp', label: 2, ostium_plane: [1, 2, 3, 0, 0, 1] },
      ]),
    );
    expect(only).toEqual({
      name: 'laa',
      input: {
        kind: 'files',
        image: join(folder, 'ct'),
        segmentation: join(folder, 'x/laa.vtp'),
        label: 2,
        ostiumPlane: { pointLpsMm: [1, 2, 3], normal: [0, 0, 1] },
      },
    });
  });

  it.each([
    ['a.csv', 'image,segmentation\na,b.stl\nc,b.stl\n', 'Two cases are named "b".'],
    ['a.csv', 'image,colour\na,red\n', 'Row 1 of "a.csv" is wrong: the column colour is not known.'],
    ['a.csv', 'image,segmentation,label\na,b.stl,x\n', 'Row 1 of "a.csv" is wrong: label:'],
    ['a.csv', 'image\na\n', 'image and segmentation are needed, or phantom'],
    ['a.csv', 'name,image,segmentation\n../x,a,b\n', '"../x" cannot be the name of a folder'],
    ['a.csv', 'image,segmentation\n', '"a.csv" holds no cases.'],
    ['a.csv', 'image,segmentation\na,b,c\n', '"a.csv" is not a table'],
    ['a.csv', 'image,segmentation\n"a,b\n', '"a.csv" is not a table'],
    ['a.json', '{"image": 1}', '"a.json" is not a list in JSON.'],
    ['a.json', '[', '"a.json" is not a list in JSON.'],
  ])('refuses %s: %s', async (name, text, sentence) => {
    await expect(read(name, text)).rejects.toThrow(sentence);
  });

  it('knows what can be the name of a folder', () => {
    expect(['a', 'Fall 7', 'über-1.2'].every(isCaseName)).toBe(true);
    expect(['', '.', '.x', 'a/b', 'a\\b', 'a:b', 'a.', 'a ', 'x'.repeat(101)].some(isCaseName)).toBe(false);
  });
});
