import {
  Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Node,
  ParsedNode,
  Scalar,
} from 'yaml';
import { Diagnostic } from '../diagnostics';
import { YamlLimits } from './limits';
import { SourceMap } from './SourceMap';

const CORE_TAGS = new Set(
  ['map', 'seq', 'str', 'int', 'float', 'bool', 'null'].map(
    name => `tag:yaml.org,2002:${name}`,
  ),
);
const MAX_PROBLEMS = 20;

/**
 * Walks the nodes of a document in the order of the text, without following
 * aliases: refuses tags and merge keys, and resolves each alias to the anchor
 * before it.
 */
export function inspectNodes(
  root: ParsedNode,
  options: { sourceMap: SourceMap; limits: YamlLimits },
): { aliases: Map<Alias, Node>; diagnostics: Diagnostic[] } {
  const { sourceMap, limits } = options;
  const aliases = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  const diagnostics: Diagnostic[] = [];

  const report = (
    node: Node,
    problem: { code: string; message: string; suggestion: string },
  ) => {
    if (diagnostics.length < MAX_PROBLEMS) {
      const [start, end] = node.range ?? [0, 0];
      diagnostics.push(
        sourceMap.diagnostic({
          severity: 'error',
          code: problem.code,
          message: problem.message,
          pointer: '',
          at: { offsets: [start, end] },
          suggestions: [problem.suggestion],
        }),
      );
    }
  };

  const visitAlias = (node: Alias) => {
    const target = anchors.get(node.source);
    if (target === undefined) {
      report(node, {
        code: 'YAML_ALIAS',
        message: `The alias "*${node.source}" has no anchor "&${node.source}" before it.`,
        suggestion: 'Quote the value if it only starts with "*".',
      });
      return;
    }
    aliases.set(node, target);
    if (aliases.size === limits.maxAliases + 1) {
      report(node, {
        code: 'YAML_LIMIT',
        message: `The YAML has more than ${limits.maxAliases} aliases, which is more than is read.`,
        suggestion: 'Write the values out.',
      });
    }
  };

  const visit = (node: Node | null): void => {
    if (node === null) {
      return;
    }
    if (isAlias(node)) {
      visitAlias(node);
      return;
    }
    if (node.tag !== undefined && !CORE_TAGS.has(node.tag)) {
      report(node, {
        code: 'YAML_TAG',
        message: `The YAML tag "${shortTag(node.tag)}" is not read; only the tags of the core schema are.`,
        suggestion: 'Delete the tag and write the value plainly.',
      });
      return;
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor) {
      anchors.set(node.anchor, node);
    }
    if (isMap(node)) {
      for (const pair of node.items) {
        const key = pair.key as Node | null;
        if (isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN) {
          report(key, {
            code: 'YAML_MERGE_KEY',
            message:
              'The merge key "<<" is not read; it is not part of YAML 1.2.',
            suggestion: 'Write the merged keys out.',
          });
        }
        visit(key);
        visit(pair.value as Node | null);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) {
        visit(item as Node | null);
      }
    }
  };

  visit(root);
  return { aliases, diagnostics };
}

function shortTag(tag: string): string {
  const short = tag.replace(/^tag:yaml\.org,2002:/, '!!');
  return short.length > 80 ? `${short.slice(0, 77)}...` : short;
}
