/**
 * A DICOM UID that is a function of `name` alone: 2.25.<decimal of a UUID> (PS3.5 annex B.2; the UUID is RFC 9562's
 * version 8, its 122 free bits a hash of the name). Not cryptographic; meant for synthetic data.
 */
export function uidFromName(name: string): string {
  const lanes = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    for (let lane = 0; lane < 4; lane++) {
      // FNV-1a's step, the lanes distinguished by their position and mixed with their neighbour.
      const mixed = Math.imul(lanes[lane]! ^ (code + lane * 0x101), 0x01000193);
      lanes[lane] = mixed ^ (lanes[(lane + 1) % 4]! >>> 15);
    }
  }
  const words = lanes.map((word, lane) => avalanche(word ^ Math.imul(name.length + 1, lane + 1)));
  for (let lane = 0; lane < 4; lane++) words[lane] = avalanche(words[lane]! + words[(lane + 3) % 4]!);
  words[1] = (words[1]! & 0xffff0fff) | 0x8000;
  words[2] = (words[2]! & 0x3fffffff) | 0x80000000;
  const uuid = words.reduce((sum, word) => (sum << 32n) | BigInt(word >>> 0), 0n);
  return `2.25.${uuid}`;
}

/** Spreads each input bit over all output bits (MurmurHash3's finaliser). */
function avalanche(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
