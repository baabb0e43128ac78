import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PlainError } from './log.mjs';

/** Makes the folder of the demo's databases and, once, the key that encrypts its secret values. */
export function prepareData(dir) {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
    const key = path.join(dir, 'encryption.key');
    if (!fs.existsSync(key)) {
      // Written beside it first: a half-written key would make stored values unreadable.
      const next = `${key}.${process.pid}`;
      fs.writeFileSync(next, `${randomBytes(32).toString('base64')}\n`, {
        mode: 0o600,
      });
      fs.renameSync(next, key);
    }
    fs.accessSync(dir, fs.constants.W_OK);
  } catch (error) {
    throw new PlainError(
      `The data folder "${dir}" cannot be written (${error.message}). Make it writable, or name another folder in the environment variable INNOMINATUS_DATA.`,
    );
  }
}
