import { parseSync, Visitor } from 'vite';

/** One import as it stands in a file. */
export interface Import {
  /** What is imported, as written: `./ostium.ts`, `#shared/errors.ts`, `node:fs`. */
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
  /** `new URL('./x.worker.ts', import.meta.url)`: the address of a file, which may be one that is built later. */
  readonly isAddress: boolean;
}

/**
 * What a file may hold beside statements that import or export names. Only then its whole tree is fetched from the parser,
 * which takes most of the time; of statements the parser gives a list.
 */
const BESIDE_STATEMENTS = /\bimport\s*[.(]|\bexport\s*(type\s*)?\{\s*\}|\bdeclare\s+module\b/;

/**
 * Everything that a TypeScript file imports: statements, exports from other files, `import()` of values and of types,
 * and addresses of files beside it.
 * @throws Error where the text cannot be parsed
 */
export function importsOf(file: string, text: string): readonly Import[] {
  const parsed = parseSync(file, text);
  const [error] = parsed.errors;
  if (error) throw new Error(`${file} cannot be read: ${error.message}`);
  const imports: Import[] = [];
  const add = (specifier: unknown, offset: number, isAddress = false): void => {
    if (typeof specifier !== 'string') return;
    imports.push({ specifier, line: text.slice(0, offset).split('\n').length, isAddress });
  };
  if (!BESIDE_STATEMENTS.test(text)) {
    const { staticImports, staticExports } = parsed.module;
    // Of a name that the file imports itself, the request that stands at its export is its import's.
    const requests = new Map(staticImports.map(({ moduleRequest }) => [moduleRequest.start, moduleRequest]));
    for (const { moduleRequest } of staticExports.flatMap(({ entries }) => entries)) {
      if (moduleRequest) requests.set(moduleRequest.start, moduleRequest);
    }
    for (const { value, start } of requests.values()) add(value, start);
    return imports.sort((a, b) => a.line - b.line);
  }
  new Visitor({
    ImportDeclaration: ({ source }) => add(source.value, source.start),
    ExportNamedDeclaration: ({ source }) => source && add(source.value, source.start),
    ExportAllDeclaration: ({ source }) => add(source.value, source.start),
    ImportExpression: ({ source }) => source.type === 'Literal' && add(source.value, source.start),
    TSImportType: ({ source }) => add(source.value, source.start),
    NewExpression({ callee, arguments: [address, base] }) {
      const isUrl = callee.type === 'Identifier' && callee.name === 'URL';
      if (!isUrl || address?.type !== 'Literal' || base?.type !== 'MemberExpression') return;
      if (base.object.type === 'MetaProperty') add(address.value, address.start, true);
    },
  }).visit(parsed.program);
  return imports.sort((a, b) => a.line - b.line);
}
