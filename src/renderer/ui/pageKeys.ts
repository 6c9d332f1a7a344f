import { createStore } from 'zustand/vanilla';
import type { Catalogue } from '../words/index.ts';

/** What a key can be changed for. */
export type KeyAction = keyof Catalogue['keyActions'];

/** The keys that a person can change, with what each does; those of `keyMap` that are a single sign. */
export const CHANGEABLE_KEYS = {
  s: 'segment',
  m: 'surface',
  o: 'original',
  a: 'accept',
  r: 'reject',
  i: 'invert',
  v: 'rendering',
  l: 'panes',
  '/': 'cine',
  c: 'crosshair',
  w: 'window',
  p: 'pan',
  z: 'zoom',
  b: 'brush',
  e: 'eraser',
  x: 'scissors',
  '[': 'smallerBrush',
  ']': 'largerBrush',
  d: 'draw',
  '-': 'ruler',
  y: 'angle',
  q: 'ellipse',
  g: 'freehand',
  t: 'text',
  n: 'ostiumProximal',
  f: 'ostiumDistal',
  h: 'ostiumTiltLeft',
  k: 'ostiumTiltRight',
  u: 'ostiumTiltUp',
  j: 'ostiumTiltDown',
  '<': 'deviceProximal',
  '>': 'deviceDistal',
  '6': 'cArm',
  '7': 'deviceTilt7',
  '8': 'deviceTilt8',
  '9': 'deviceTilt9',
  '0': 'deviceTilt0',
} as const satisfies Readonly<Record<string, KeyAction>>;

/** A key as it is without a change. */
export type UsualKey = keyof typeof CHANGEABLE_KEYS;

/** By the usual key, the one in its place. */
export type ChangedKeys = Readonly<Partial<Record<UsualKey, string>>>;

const isDigit = (key: string): boolean => /\d/.test(key);

/** In the order of the table, digits last. */
export const USUAL_KEYS: readonly UsualKey[] = Object.keys(CHANGEABLE_KEYS)
  .filter((key): key is UsualKey => key in CHANGEABLE_KEYS)
  // Keys of objects that are numbers come first, wherever they stand.
  .sort((a, b) => Number(isDigit(a)) - Number(isDigit(b)));

/** Signs that other things are tied to: windows, help, the handles of what is drawn. */
const FIXED_KEYS = ['1', '2', '3', '4', '5', '?', ',', '.', ' '];

/** The keys that this page goes by. */
export const pageKeys = createStore<{ readonly changed: ChangedKeys }>(() => ({ changed: {} }));

const keyOf = (usual: UsualKey, changed: ChangedKeys): string => changed[usual] ?? usual;

/** What is kept of the settings: known keys, each changed for a sign of its own. The rest is as usual. */
export function soundKeys(kept: Readonly<Record<string, string>>): ChangedKeys {
  let changed: ChangedKeys = {};
  for (const usual of USUAL_KEYS) {
    const key = kept[usual];
    // Two may have changed places: what another key is taken for is judged when all are known.
    if (key !== undefined && isSign(key) && !FIXED_KEYS.includes(key)) changed = { ...changed, [usual]: key };
  }
  const all = USUAL_KEYS.map((usual) => keyOf(usual, changed));
  return new Set(all).size === all.length ? changed : {};
}

const isSign = (key: string): boolean => [...key].length === 1 && key === key.toLowerCase();

/** The usual key that a pressed one stands for; null where its action has another key by now. */
export function usualKey(pressed: string, changed: ChangedKeys = pageKeys.getState().changed): string | null {
  const moved = USUAL_KEYS.find((usual) => changed[usual] === pressed);
  if (moved !== undefined) return moved;
  return USUAL_KEYS.some((usual) => usual === pressed && usual in changed) ? null : pressed;
}

/** Why a key cannot be given to an action; null where it can. */
export function whyNoKey(
  usual: UsualKey,
  pressed: string,
  changed: ChangedKeys,
): 'fixed' | { readonly takenBy: KeyAction } | null {
  if (FIXED_KEYS.includes(pressed) || !isSign(pressed)) return 'fixed';
  const other = USUAL_KEYS.find((one) => one !== usual && keyOf(one, changed) === pressed);
  return other === undefined ? null : { takenBy: CHANGEABLE_KEYS[other] };
}

/** With an action's key changed; its usual key is no change. */
export function withKey(usual: UsualKey, pressed: string, changed: ChangedKeys): ChangedKeys {
  const { [usual]: _, ...others } = changed;
  return pressed === usual ? others : { ...others, [usual]: pressed };
}

/** A usual key as it is shown: the one in its place, in capitals. Other names of keys stay as they are. */
export function shownKey(key: string, changed: ChangedKeys = pageKeys.getState().changed): string {
  const usual = USUAL_KEYS.find((one) => one === (key === '−' ? '-' : key.toLowerCase()));
  const shown = usual === undefined ? key : keyOf(usual, changed);
  // “ß” has no capital of one sign.
  const capital = shown.toUpperCase();
  return shown === '-' ? '−' : capital.length === shown.length && isSign(shown) ? capital : shown;
}
