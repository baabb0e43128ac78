import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandSet } from './commands/registry';
import { readArgs, readFlags, splitLine } from './framework/parse';
import { resolveCommand } from './framework/resolve';

const ROOT = path.resolve(__dirname, '../../..');

const PAGES = [
  '*.md',
  '.changeset/*.md',
  'bench/**/*.md',
  'docs/**/*.md',
  'examples/**/*.md',
  'packages/*/*.md',
  'plugins/*/*.md',
];

interface Line {
  place: string;
  text: string;
  /** A line to copy has all arguments; one in a sentence may leave them out. */
  isWhole: boolean;
}

/** All that a page tells people to type. */
function linesOf(file: string): Line[] {
  const found: Line[] = [];
  const page = readFileSync(path.join(ROOT, file), 'utf8');
  const add = (at: number, text: string, isWhole: boolean) => {
    const line = page.slice(0, at).split('\n').length;
    found.push({ place: `${file}:${line}`, text, isWhole });
  };
  const blocks = /^( *)```[^\n]*\n([^]*?)^\1```/gm;
  for (const block of page.matchAll(blocks)) {
    const text = block[2].replace(/\\\n\s*/g, ' ');
    for (const match of text.matchAll(
      /^\s*(?:\$ )?(?:(?:yarn|npx)(?: backstage-cli)? |npm run exec -- )?innominatus ([a-z][^\n]*)$/gm,
    )) {
      add(block.index, match[1], true);
    }
  }
  for (const match of page
    .replace(blocks, text => text.replace(/[^\n]/g, ' '))
    .matchAll(/`(?:yarn backstage-cli )?innominatus ([a-z][^`]*)`/g)) {
    add(match.index, match[1].replace(/\s+/g, ' '), false);
  }
  return found;
}

/** Words as a shell cuts them, up to where another program takes over. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (/^(?:[|<>;#&]|&&|2>)/.test(word)) {
      break;
    }
    words.push(word.replace(/["']/g, ''));
  }
  return words;
}

/** `schedules list|get` names two commands. */
function alternatives(words: string[]): string[][] {
  const index = words.findIndex(word => /^[a-z]+(?:\|[a-z]+)+$/.test(word));
  return index === -1
    ? [words]
    : words[index]
        .split('|')
        .map(word => [
          ...words.slice(0, index),
          word,
          ...words.slice(index + 1),
        ]);
}

function problemOf({ place, text, isWhole }: Line): string[] {
  return alternatives(wordsOf(text)).flatMap(words => {
    try {
      const line = splitLine(words, commandSet.commands);
      const resolution = resolveCommand(line.words, commandSet);
      if (resolution.kind === 'command') {
        readFlags(line.options, resolution.command);
        if (isWhole) {
          readArgs(resolution.rest, resolution.command);
        }
      }
      return [];
    } catch (error) {
      return [`${place}: innominatus ${text}: ${(error as Error).message}`];
    }
  });
}

describe('the pages of the documentation', () => {
  const lines = PAGES.flatMap(pattern =>
    globSync(pattern, {
      cwd: ROOT,
      exclude: name => name.includes('node_modules'),
    }).flatMap(linesOf),
  );

  it('name commands and options that there are', () => {
    expect(lines.flatMap(problemOf)).toEqual([]);
    // Something is wrong with the search when hardly anything is found.
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.filter(({ isWhole }) => isWhole).length).toBeGreaterThan(15);
  });

  it.each([
    ['runs forget 42', 'does not exist'],
    ['runs list --color', 'is not known'],
    ['runs list --file a', 'has no option'],
    ['approve', 'needs'],
    ['schedules list|drop', 'drop'],
  ])('would be found out by "%s"', (text, problem) => {
    const [found] = problemOf({ place: 'page.md:1', text, isWhole: true });
    expect(found).toContain(problem);
  });
});
