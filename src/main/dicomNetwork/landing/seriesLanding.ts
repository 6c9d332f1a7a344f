import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Mutex } from 'async-mutex';
import { CancelledError, isFailedWith, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import { isMissing, systemCodeOf } from '../../files/systemCode.ts';
import { type DicomIdentity, IDENTITY_STEPS_BYTES, readIdentity } from '../dicomIdentity.ts';
import { isUid } from '../dicomUid.ts';

/*
 * Where the images of one series land while they arrive. Each arrives as `SERIES.arriving-…`; until the series is whole
 * they lie in `SERIES.incomplete` as `SOP.part`, and the four letters that make a file DICOM ("DICM" after the preamble) are replaced in them: no program,
 * this one included, takes half a series for a whole one. `finish` restores the letters and renames. What an interrupted
 * fetch left is found again by the next one.
 */

const MAGIC_AT = 128;
const MAGIC = Buffer.from('DICM');
const HIDDEN_MAGIC = Buffer.from('PART');
const HEAD_BYTES = MAGIC_AT + MAGIC.length;

export interface LandingPlace {
  readonly studyUid: string;
  readonly seriesUid: string;
  /** Where the series' folder goes. */
  readonly folder: string;
  /** Who sends, for messages. */
  readonly server: string;
}

export interface SeriesLanding {
  /** SOP Instance UIDs of the images that are here, from this fetch or an earlier one. */
  readonly present: ReadonlySet<string>;
  /**
   * Writes one DICOM file. One that is already here is compared and dropped.
   *
   * @returns its SOP Instance UID
   * @throws UserError where it is no DICOM, belongs elsewhere, contradicts the one that is here or cannot be written
   */
  land(pieces: AsyncIterable<Uint8Array>): Promise<string>;
  /** The series is whole: its files become DICOM again under their own names. More may land after it. @returns their paths */
  finish(): Promise<string[]>;
}

/** Finds what an earlier fetch left. @throws UserError where the folder cannot be made or read */
export async function openLanding(place: LandingPlace): Promise<SeriesLanding> {
  const { folder, seriesUid, studyUid, server } = place;
  const wholeFolder = join(folder, seriesUid);
  const partFolder = `${wholeFolder}.incomplete`;
  const orNotWritten = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (thrown) {
      if (thrown instanceof UserError || thrown instanceof CancelledError) throw thrown;
      const systemCode = systemCodeOf(thrown);
      if (systemCode === undefined) throw thrown;
      const why = failure('network.not-written', { folder: basename(resolve(folder)), systemCode });
      throw new UserError(why, { cause: thrown });
    }
  };
  /** Path of each image by its UID. */
  const files = new Map<string, string>();
  const digests = new Map<string, string>();
  await orNotWritten(makeFolder(folder));
  const arriving = `${seriesUid}.arriving-`;
  for (const name of await orNotWritten(namesIn(folder)))
    if (name.startsWith(arriving)) await rm(join(folder, name), { force: true });
  for (const from of [partFolder, wholeFolder])
    for (const name of await orNotWritten(namesIn(from))) {
      const uid = name.replace(/\.(part|dcm)$/, '');
      if (uid !== name && isUid(uid)) files.set(uid, join(from, name));
      // What was being written when an earlier fetch was killed.
      else if (from === partFolder) await rm(join(from, name), { force: true });
    }

  const keep = async (arrived: string, identity: DicomIdentity, digest: string): Promise<void> => {
    const { sopInstanceUid } = identity;
    if (identity.studyUid !== studyUid || identity.seriesUid !== seriesUid)
      throw new UserError(failure('network.instance-foreign', { server }));
    const here = files.get(sopInstanceUid);
    if (here === undefined) {
      const path = join(partFolder, `${sopInstanceUid}.part`);
      await makeFolder(partFolder);
      await rename(arrived, path);
      files.set(sopInstanceUid, path);
      digests.set(sopInstanceUid, digest);
      return;
    }
    if ((digests.get(sopInstanceUid) ?? (await digestOf(here))) !== digest)
      throw new UserError(failure('network.instance-contradicts', { server }));
    await rm(arrived);
  };

  // An image that has arrived is filed while the folder stays where it is.
  const turn = new Mutex();

  return {
    get present() {
      return new Set(files.keys());
    },
    land: (pieces) =>
      orNotWritten(
        (async () => {
          const arrived = join(folder, `${arriving}${randomUUID()}`);
          try {
            const { digest, identity } = await writeHidden(arrived, pieces);
            if (identity === undefined) throw new UserError(failure('network.part-not-dicom', { server }));
            await turn.runExclusive(() => keep(arrived, identity, digest));
            return identity.sopInstanceUid;
          } finally {
            await rm(arrived, { force: true });
          }
        })(),
      ),
    finish: () =>
      orNotWritten(
        turn.runExclusive(async () => {
          for (const [uid, path] of files)
            if (path.endsWith('.part')) {
              await restoreMagic(path);
              const readable = join(partFolder, `${uid}.dcm`);
              await rename(path, readable);
              files.set(uid, readable);
            }
          const isFirst = (await namesIn(wholeFolder)).length === 0;
          if (isFirst) await rename(partFolder, wholeFolder);
          for (const [uid, path] of files) {
            const whole = join(wholeFolder, `${uid}.dcm`);
            if (!isFirst && path !== whole) await rename(path, whole);
            files.set(uid, whole);
          }
          if (!isFirst) await rmdir(partFolder).catch(() => {});
          return [...files.values()].sort();
        }),
      ),
  };
}

/** Whether one image is wrong, and not the disk: the others can go on landing. */
export const isOfOneImage = (thrown: unknown): thrown is UserError =>
  isFailedWith(thrown, 'network.part-not-dicom', 'network.instance-foreign', 'network.instance-contradicts');

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

interface Written {
  /** SHA-256 of the file as it was sent. */
  readonly digest: string;
  readonly identity: DicomIdentity | undefined;
}

/** Writes a file while it arrives, without the letters that make it DICOM. */
async function writeHidden(path: string, pieces: AsyncIterable<Uint8Array>): Promise<Written> {
  const hash = createHash('sha256');
  const handle = await open(path, 'wx+', 0o600);
  try {
    let head = Buffer.alloc(0);
    let isDicom = false;
    let length = 0;
    for await (const piece of pieces) {
      hash.update(piece);
      if (isDicom) {
        await writeAll(handle, piece, length);
        length += piece.length;
        continue;
      }
      head = Buffer.concat([head, piece]);
      if (head.length < HEAD_BYTES) continue;
      if (!head.subarray(MAGIC_AT, HEAD_BYTES).equals(MAGIC)) return { digest: '', identity: undefined };
      isDicom = true;
      HIDDEN_MAGIC.copy(head, MAGIC_AT);
      await writeAll(handle, head, 0);
      length = head.length;
    }
    return { digest: hash.digest('hex'), identity: isDicom ? await identityOf(handle, length) : undefined };
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, from: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, from + written);
    written += bytesWritten;
  }
}

async function identityOf(handle: FileHandle, length: number): Promise<DicomIdentity | undefined> {
  for (const step of IDENTITY_STEPS_BYTES) {
    const start = Buffer.alloc(Math.min(step, length));
    await handle.read(start, 0, start.length, 0);
    MAGIC.copy(start, MAGIC_AT);
    const identity = readIdentity(start);
    if (identity !== undefined || start.length === length) return identity;
  }
  return undefined;
}

async function restoreMagic(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await writeAll(handle, MAGIC, MAGIC_AT);
    // A series that is called whole outlasts a power failure.
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** SHA-256 of a file as it was sent. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  let at = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    // The first piece holds the head: files are read in pieces of a MiB.
    if (at === 0 && piece instanceof Buffer && piece.length >= HEAD_BYTES) MAGIC.copy(piece, MAGIC_AT);
    if (piece instanceof Buffer) {
      hash.update(piece);
      at += piece.length;
    }
  }
  return hash.digest('hex');
}
