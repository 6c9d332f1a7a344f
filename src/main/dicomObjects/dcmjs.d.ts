/** The part of dcmjs that is used here; the package has no types of its own. */
declare module 'dcmjs' {
  export interface DcmjsElement {
    readonly vr: string;
    readonly Value: readonly unknown[];
  }

  export const data: {
    readonly DicomDict: new (
      meta: Readonly<Record<string, DcmjsElement>>,
    ) => {
      dict: Readonly<Record<string, DcmjsElement>>;
      write(options?: { readonly allowInvalidVRLength?: boolean }): ArrayBuffer;
    };
    readonly DicomMetaDictionary: {
      /** By keyword: the tag as "(gggg,eeee)". */
      readonly nameMap: Readonly<Record<string, { readonly tag: string; readonly vr: string } | undefined>>;
      unpunctuateTag(tag: string): string;
    };
  };
}
