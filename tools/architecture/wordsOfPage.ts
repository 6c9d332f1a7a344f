import { parseSync, Visitor } from 'vite';

/** A text that stands in a component instead of in the catalogue of words. */
export interface HardCoded {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Attributes and properties whose texts people read. */
const READ = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'hint',
  'label',
  'placeholder',
  'shown',
  'tip',
  'title',
]);

const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text);

/** Parts of an expression that can be shown: what a choice leads to, not what it depends on. */
interface Expression {
  readonly type: string;
  readonly start: number;
  readonly [part: string]: unknown;
}

function shownTexts(node: Expression): [string, number][] {
  const within = (part: unknown): [string, number][] =>
    typeof part === 'object' && part !== null && 'type' in part ? shownTexts(part as Expression) : [];
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [[node.value, node.start]] : [];
    case 'TemplateLiteral':
      return (node.quasis as { readonly value: { readonly raw: string }; readonly start: number }[]).map(
        ({ value, start }) => [value.raw, start],
      );
    case 'ConditionalExpression':
      return [...within(node.consequent), ...within(node.alternate)];
    case 'LogicalExpression':
      return [...within(node.left), ...within(node.right)];
    case 'JSXExpressionContainer':
      return within(node.expression);
    default:
      return [];
  }
}

/**
 * The texts with letters that a component would show in one language alone: between its elements, and in attributes and
 * properties that people read.
 */
export function hardCodedWords(file: string, source: string): readonly HardCoded[] {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file} cannot be read: ${errors[0].message}`);
  const found: HardCoded[] = [];
  const add = (texts: readonly (readonly [string, number])[]): void => {
    for (const [text, offset] of texts)
      if (hasWords(text))
        found.push({
          text: text.trim().replace(/\s+/g, ' '),
          line: source.slice(0, offset).split('\n').length,
        });
  };
  new Visitor({
    JSXText: ({ value, start }) => add([[value, start]]),
    JSXElement: ({ children }) => {
      // The parser's own types name each node apart; all that is needed here is its type and its parts.
      for (const child of children)
        if (child.type === 'JSXExpressionContainer') add(shownTexts(child as unknown as Expression));
    },
    JSXAttribute: ({ name, value }) => {
      if (value !== null && READ.has(String(name.name))) add(shownTexts(value as unknown as Expression));
    },
    Property: ({ key, value }) => {
      if (key.type === 'Identifier' && READ.has(key.name)) add(shownTexts(value as unknown as Expression));
    },
  }).visit(program);
  return found;
}
