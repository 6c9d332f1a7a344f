import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { compressPart, packSession, unpackSession } from '#shared/sessionArchive.ts';
import { cropBytes, readSession, type SavedSession, sessionParts } from './sessionState.ts';
import { exampleSession } from './testing/exampleSession.ts';

const packed = (state: SavedSession): Uint8Array =>
  packSession(sessionParts(state, compressPart(cropBytes(state.reviewCase))));

describe('session state', () => {
  it('comes back whole from its bytes', () => {
    // Whether a report was written is for the list of saved work alone, what documents say for those who make them.
    const { isReported: _, documented: __, ...state } = exampleSession();
    expect(readSession(unpackSession(packed(exampleSession())))).toEqual({
      ...state,
      reviewCase: {
        ...state.reviewCase,
        crop: { ...state.reviewCase.crop, data: state.reviewCase.crop.data.slice() },
      },
    });
  });

  it('keeps the surface of what contrast does not fill, and how sure each point is', () => {
    const state = exampleSession();
    const { closed } = state.reviewCase.original;
    const withUnfilled = {
      ...state,
      reviewCase: { ...state.reviewCase, unfilled: closed, offChances: Float32Array.of(0.25, Number.NaN) },
    };
    expect(state.reviewCase.unfilled).toBeNull();
    const restored = readSession(unpackSession(packed(withUnfilled))).reviewCase;
    expect(restored.unfilled).toEqual(closed);
    expect(restored.offChances).toEqual(Float32Array.of(0.25, Number.NaN));
  });

  it('keeps an unedited surface the original itself', () => {
    const session = exampleSession();
    const { reviewCase, saved } = session;
    const state = { ...session, saved: { ...saved, appendage: reviewCase.original } };
    const back = readSession(unpackSession(packed(state)));
    expect(back.saved.appendage).toBe(back.reviewCase.original);
  });

  it('restores work of an earlier version, which did not keep the scan’s grid nor what is drawn', () => {
    const parts = unpackSession(packed(exampleSession()));
    const head: unknown = JSON.parse(new TextDecoder().decode(parts['session.json']));
    if (typeof head !== 'object' || head === null || !('scanGrid' in head)) throw new Error('No grid.');
    if (!('annotations' in head)) throw new Error('Nothing is drawn.');
    const { scanGrid: _scanGrid, annotations: _annotations, ...earlier } = head;
    const restored = readSession({
      ...parts,
      'session.json': new TextEncoder().encode(JSON.stringify(earlier)),
    });
    expect(restored.reviewCase.scanGrid).toBeNull();
    expect(restored.annotations).toEqual([]);
    expect(restored.saved).toEqual(exampleSession().saved);
  });

  it('refuses parts that are missing, cut short or of another program', () => {
    const parts = unpackSession(packed(exampleSession()));
    const { 'labels.u8': labels, ...without } = parts;
    expect(() => readSession(without)).toThrow(UserError);
  });

  it.each([
    ['session.json', 'head'],
    ['crop.i16', 'crop'],
    ['labels.u8', 'labels'],
    ['original.positions.f32', 'original'],
    ['appendage.triangles.u32', 'surface'],
    ['atrium.f32', 'atrium'],
    ['history.bin', 'history'],
  ])('names the part of a damaged %s', (name, part) => {
    const parts = unpackSession(
      packSession(sessionParts(exampleSession(), compressPart(cropBytes(exampleSession().reviewCase)))),
    );
    const why = (damaged: Record<string, Uint8Array>): unknown => {
      try {
        readSession(damaged);
      } catch (thrown) {
        return thrown instanceof UserError ? thrown.failure : thrown;
      }
      return undefined;
    };
    const expected = { code: 'storage.session-not-restorable', fields: { part } };
    const { [name]: whole, ...rest } = parts;
    expect(why(rest)).toEqual(expected);
    // Without a sound history the work itself is there: only undo is lost.
    if (part !== 'history') expect(why({ ...parts, [name]: whole!.subarray(1) })).toEqual(expected);
  });
});
