import * as tf from '@tensorflow/tfjs-core';
import { type DeviceImage, uploadImage } from '#shared/nudf/kernels/index.ts';
import type { ImageHu } from './familyTrainer.ts';

/** Images of cases on the graphics device. */
export interface DeviceImages {
  /** The device's copy of an image, made when it is first asked for. */
  get(image: ImageHu): DeviceImage;
  free(): void;
}

/** 200 cases at 128³; small beside what a step of that network takes. */
const MOST_BYTES = 2 ** 30;

/** Keeps images on the device as far as they take `mostBytes`; those used longest ago are dropped first. */
export function createDeviceImages(mostBytes = MOST_BYTES): DeviceImages {
  const kept = new Map<ImageHu, DeviceImage>();
  let bytes = 0;
  return {
    get(image) {
      const known = kept.get(image);
      if (known) {
        kept.delete(image);
        kept.set(image, known);
        return known;
      }
      const fresh = uploadImage(image);
      tf.keep(fresh.tensor);
      kept.set(image, fresh);
      bytes += image.byteLength;
      for (const [oldest, { tensor }] of kept) {
        if (bytes <= mostBytes || oldest === image) break;
        kept.delete(oldest);
        bytes -= oldest.byteLength;
        tensor.dispose();
      }
      return fresh;
    },
    free() {
      for (const { tensor } of kept.values()) tensor.dispose();
      kept.clear();
      bytes = 0;
    },
  };
}
