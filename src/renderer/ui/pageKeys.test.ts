import { expect, it } from 'vitest';
import { shownKey, soundKeys, usualKey, whyNoKey, withKey } from './pageKeys.ts';

it('gives an action a free key, and refuses one that is taken or fixed', () => {
  expect(whyNoKey('m', 'ö', {})).toBeNull();
  expect(whyNoKey('m', 'm', {})).toBeNull();
  expect(whyNoKey('m', 'b', {})).toEqual({ takenBy: 'brush' });
  for (const key of ['1', '?', ',', ' ', 'enter', 'F5']) expect(whyNoKey('m', key, {})).toBe('fixed');
  // What another action was moved from is free, what it was moved to is taken.
  expect(whyNoKey('m', 'b', { b: 'ä' })).toBeNull();
  expect(whyNoKey('m', 'ä', { b: 'ä' })).toEqual({ takenBy: 'brush' });
});

it('forgets a change back to the usual key', () => {
  expect(withKey('m', 'ö', {})).toEqual({ m: 'ö' });
  expect(withKey('m', 'm', { m: 'ö', b: 'ä' })).toEqual({ b: 'ä' });
});

it('finds the usual key that a pressed one stands for, also where two changed places', () => {
  expect(usualKey('b', { m: 'b', b: 'm' })).toBe('m');
  expect(usualKey('m', { m: 'b', b: 'm' })).toBe('b');
  expect(usualKey('m', { m: 'ö' })).toBeNull();
  expect(usualKey('Enter', { m: 'ö' })).toBe('Enter');
});

it('takes nothing of settings in which two actions have one key, or that name no key', () => {
  expect(soundKeys({ m: 'b', b: 'm' })).toEqual({ m: 'b', b: 'm' });
  expect(soundKeys({ m: 'b' })).toEqual({});
  expect(soundKeys({ m: '1', f: 'ö', ü: 'ä', toString: 'x' })).toEqual({ f: 'ö' });
});

it('shows keys in capitals, where they can be', () => {
  expect(['m', 'M', '-', '−', 'Ctrl+Z', '?'].map((key) => shownKey(key, { m: 'ß' }))).toEqual([
    'ß',
    'ß',
    '−',
    '−',
    'Ctrl+Z',
    '?',
  ]);
  expect(shownKey('B', { b: 'ö' })).toBe('Ö');
});
