import { isSecretReference, JsonValue } from '../json';
import { readSecretToken, SECRET_TOKEN_PATTERN } from '../workflow/secretToken';
import { compareText, sortedEntries } from './compact';
import { shortHash } from './shortHash';
import { RenderWorkloadOptions } from './types';

/** A piece of text: literal, or the marker of a secret. */
export type TextPart = { text: string } | { marker: string };

/** Cuts a text at the markers of secrets. */
export function splitAtMarkers(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(SECRET_TOKEN_PATTERN)) {
    if (match.index > end) {
      parts.push({ text: text.slice(end, match.index) });
    }
    parts.push({ marker: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) {
    parts.push({ text: text.slice(end) });
  }
  return parts;
}

/**
 * The keys of the workload's Secret. A key is made of the resource and the
 * output the secret comes from, so that a person finds it again.
 */
export class SecretKeys {
  readonly #keyByRef = new Map<string, string>();
  readonly #used = new Map<string, string>();

  constructor(options: RenderWorkloadOptions) {
    const taken = new Set<string>();
    const visit = (value: JsonValue, path: string[]): void => {
      if (isSecretReference(value)) {
        this.#name(value.$secretRef, path, taken);
      } else if (typeof value === 'object' && value !== null) {
        for (const [key, item] of Object.entries(value)) {
          visit(item, [...path, key]);
        }
      }
    };
    for (const [name, { outputs }] of sortedEntries(options.resources)) {
      for (const [key, value] of sortedEntries(outputs ?? {})) {
        visit(value, [name, key]);
      }
    }
  }

  /** Key of a marker; the marker becomes part of the Secret. */
  use(marker: string): string {
    const ref = readSecretToken(marker) ?? marker;
    const key = this.#keyByRef.get(ref) ?? `secret-${shortHash([ref])}`;
    this.#used.set(key, marker);
    return key;
  }

  /** What belongs into the Secret, sorted by key. */
  stringData(): Record<string, string> {
    return Object.fromEntries(
      [...this.#used].sort(([a], [b]) => compareText(a, b)),
    );
  }

  #name(ref: string, path: string[], taken: Set<string>): void {
    if (this.#keyByRef.has(ref)) {
      return;
    }
    const readable = path
      .join('.')
      .replace(/[^A-Za-z0-9._-]/g, '_')
      .slice(0, 200);
    const key = taken.has(readable)
      ? `${readable}.${shortHash([ref])}`
      : readable;
    taken.add(key);
    this.#keyByRef.set(ref, key);
  }
}
