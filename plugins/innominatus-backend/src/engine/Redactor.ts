const MASK = '••••';
/** Lines of a multi-line secret that are shorter say too little to hide. */
const SHORTEST_LINE = 8;
/** Shorter secrets have no stable core in a longer Base64 text. */
const SHORTEST_BASE64_CORE = 6;

/**
 * Hides secret values in text, in the forms in which tools print them: plain,
 * line by line, Base64 (also as a part of a longer encoded text), URL-encoded
 * and JSON-escaped.
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  static create(): Redactor {
    return new Redactor();
  }

  private constructor() {}

  /** One character would hide half of every log, so it is not taken. */
  add(secret: string): void {
    if (secret.length < 2 || this.#secrets.has(secret)) {
      return;
    }
    this.#secrets.add(secret);
    this.#pattern = undefined;
  }

  redact(text: string): string {
    if (this.#secrets.size === 0) {
      return text;
    }
    this.#pattern ??= toPattern(this.#secrets);
    return text.replace(this.#pattern, MASK);
  }
}

function toPattern(secrets: Iterable<string>): RegExp {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const form of formsOf(secret)) {
      if (form.length > 1) {
        forms.add(form);
      }
    }
  }
  // The longest first: a secret may be the beginning of another one.
  const alternatives = [...forms]
    .sort((left, right) => right.length - left.length)
    .map(form => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(alternatives.join('|'), 'g');
}

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    ...secret
      .split(/\r?\n/)
      .map(line => line.trim())
      .filter(line => line.length >= SHORTEST_LINE),
    json,
    JSON.stringify(json).slice(1, -1),
    // Through bytes, because half a surrogate pair cannot be encoded.
    encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8')),
    new URLSearchParams({ s: secret }).toString().slice(2),
    ...base64FormsOf(secret),
  ];
}

function base64FormsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const whole = bytes.toString('base64');
  const forms = [whole, whole.replace(/=+$/, '')];
  if (bytes.length >= SHORTEST_BASE64_CORE) {
    // Inside a longer text the secret starts at one of three positions; the
    // characters at its edges also depend on its neighbours and are left out.
    for (const before of [0, 1, 2]) {
      const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
      const start = Math.ceil((before * 8) / 6);
      const end = Math.floor((shifted.length * 8) / 6);
      forms.push(shifted.toString('base64').slice(start, end));
    }
  }
  return forms.flatMap(form => [
    form,
    form.replace(/\+/g, '-').replace(/\//g, '_'),
  ]);
}
