import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { textDecoder } from '../../src/shared/dicom/characterSet.ts';

/** Debian's Python: another one may come first in the path, without pydicom. */
const PYTHON = '/usr/bin/python3';

/** Names by pydicom's own encoder: sets, name, bytes in hexadecimal. */
const PROGRAM = `
import json
from pydicom.charset import convert_encodings
from pydicom.valuerep import PersonName
names = [
  (['', 'ISO 2022 IR 87'], 'Yamada^Tarou=山田^太郎=やまだ^たろう'),
  (['ISO 2022 IR 13', 'ISO 2022 IR 87'], 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'),
  (['', 'ISO 2022 IR 87', 'ISO 2022 IR 159'], 'Mori^Ogai=森^鷗外'),
  (['', 'ISO 2022 IR 149'], 'Hong^Gildong=洪^吉洞=홍^길동'),
  (['', 'ISO 2022 IR 58'], 'Zhang^XiaoDong=张^小东'),
  (['ISO 2022 IR 100', 'ISO 2022 IR 144'], 'Müller^Jörg=Люксембург'),
  (['ISO 2022 IR 6', 'ISO 2022 IR 126'], 'Dionysios=Διονυσιος'),
  (['ISO_IR 192'], 'Wang^XiaoDong=王^小東'),
  (['GB18030'], 'Wang^XiaoDong=王^小东'),
  (['GBK'], 'Wang^XiaoDong=王^小东'),
  (['ISO_IR 166'], 'นามสกุล^ชื่อ'),
  (['ISO_IR 101'], 'Wałęsa^Żak'),
]
print(json.dumps([['\\\\'.join(sets), name, PersonName(name).encode(convert_encodings(sets)).hex()] for sets, name in names]))
`;

function namesOfPydicom(): [sets: string, name: string, bytes: string][] | undefined {
  try {
    return JSON.parse(
      execFileSync(PYTHON, ['-c', PROGRAM], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return undefined;
  }
}

describe('names that pydicom wrote', () => {
  const names = namesOfPydicom();
  it.skipIf(names === undefined)(
    `are read as they were meant${names === undefined ? ' (skipped: pydicom is not installed)' : ''}`,
    () => {
      for (const [sets, name, bytes] of names ?? []) {
        expect(textDecoder(sets)(Buffer.from(bytes, 'hex')), sets).toBe(name);
      }
    },
  );
});
