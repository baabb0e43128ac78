import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const OUTPUT_LIMIT = 4_000;

const TRANSFORM = createRequire(import.meta.url).resolve(
  '@backstage/cli/config/nodeTransform.cjs',
);

/**
 * Runs a program of the bench with JSON as its argument, and answers the JSON
 * of its line `RESULT`. What it wrote to stderr comes along as `problems`.
 */
export function runProgram({ file, argument, limitMs, onProgress }) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        // The drivers that peers bring along tell of their own future.
        '--no-deprecation',
        ...(file.endsWith('.ts') ? ['--require', TRANSFORM] : []),
        path.join(import.meta.dirname, '..', file),
        JSON.stringify(argument),
      ],
      {
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: limitMs,
        killSignal: 'SIGKILL',
      },
    );
    let output = '';
    let problems = '';
    child.stdout.on('data', chunk => {
      output += chunk;
    });
    child.stderr.on('data', chunk => {
      problems = `${problems}${chunk}`.slice(-OUTPUT_LIMIT);
      onProgress?.(String(chunk).trim());
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const line = /^RESULT (.*)$/m.exec(output);
      if (code === 0 && line) {
        resolve({ result: JSON.parse(line[1]), problems: problems.trim() });
        return;
      }
      const end =
        signal === 'SIGKILL'
          ? `was not done within ${limitMs / 1000} s`
          : `ended with ${signal ?? `code ${code}`}`;
      reject(new Error(`"${file}" ${end}. ${problems.trim()}`));
    });
  });
}
