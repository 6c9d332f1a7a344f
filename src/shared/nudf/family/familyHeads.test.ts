import { expect, it } from 'vitest';
import { familyFields } from './familyFields.ts';
import { parseFamilyHeads, usualHeads } from './familyHeads.ts';

it('reads heads that have exactly one distance', () => {
  expect(parseFamilyHeads('unsigned')).toEqual(['unsigned']);
  expect(parseFamilyHeads('signed, class')).toEqual(['signed', 'class']);
  for (const text of ['', 'class', 'signed,unsigned', 'signed,class,class', 'distance']) {
    expect(parseFamilyHeads(text), text).toBeUndefined();
  }
  expect([usualHeads(1), usualHeads(2)]).toEqual([['unsigned'], ['signed', 'class']]);
});

it('makes both fields of the outputs, in millimetres', () => {
  const unsigned = familyFields(Float32Array.of(0.5, 0.1), ['unsigned'], 35);
  expect([...unsigned.unsignedMm]).toEqual([17.5, 3.5]);
  expect([...unsigned.signedMm]).toEqual([17.5, 3.5]);
  // Inside the surface and of the appendage; inside, 1 beyond the class; outside.
  const values = Float32Array.of(-0.1, 4, -0.1, -1, 0.2, 4);
  const classed = familyFields(values, ['signed', 'class'], 35);
  expect([...classed.signedMm]).toEqual([-3.5, 1, 7]);
  expect([...classed.unsignedMm]).toEqual([3.5, 3.5, 7]);
});
