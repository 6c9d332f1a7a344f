/** A library that is compiled into a package's WebAssembly or native code, whose licence asks to be named. */
interface CompiledIn {
  readonly name: string;
  /** The package. */
  readonly inside: string;
  /** SPDX identifier; its standard text is in resources/licences. */
  readonly identifier: string;
  /** As the library's own licence names the owners of its copyright. */
  readonly author: string;
}

/** Of the packages whose own licence files do not name what is compiled into them. */
export const COMPILED_IN: readonly CompiledIn[] = [
  {
    name: 'CharLS',
    inside: '@cornerstonejs/codec-charls',
    identifier: 'BSD-3-Clause',
    author: 'Team CharLS',
  },
  {
    name: 'libjpeg-turbo',
    inside: '@cornerstonejs/codec-libjpeg-turbo-8bit',
    identifier: 'BSD-3-Clause',
    author:
      'D. R. Commander and others. This software is based in part on the work of the Independent JPEG Group.',
  },
  {
    name: 'OpenJPEG',
    inside: '@cornerstonejs/codec-openjpeg',
    identifier: 'BSD-2-Clause',
    author: 'Université catholique de Louvain (UCL), Belgium, and others',
  },
  {
    name: 'OpenJPH',
    inside: '@cornerstonejs/codec-openjph',
    identifier: 'BSD-2-Clause',
    author: 'Aous Naman, Kakadu Software Pty Ltd and The University of New South Wales, Australia',
  },
  {
    name: 'PDFium',
    inside: '@hyzyla/pdfium',
    identifier: 'BSD-3-Clause',
    author:
      'The PDFium Authors. It holds FreeType (The FreeType Project), Anti-Grain Geometry, Little CMS, libjpeg-turbo, OpenJPEG and zlib.',
  },
  { name: 'ONNX Runtime', inside: 'onnxruntime-node', identifier: 'MIT', author: 'Microsoft Corporation' },
  {
    name: 'GDCM',
    inside: '@itk-wasm/image-io',
    identifier: 'BSD-3-Clause',
    author: 'Mathieu Malaterre and CREATIS',
  },
  { name: 'ITK', inside: '@itk-wasm/image-io', identifier: 'Apache-2.0', author: 'NumFOCUS' },
];
