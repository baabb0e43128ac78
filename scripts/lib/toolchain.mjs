import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PlainError } from './log.mjs';
import { npm } from './npm.mjs';
import { fromNpm } from './packages.mjs';
import { root, rootPackage, toolsDir } from './paths.mjs';

const NODE_VERSION = '24.21.0';

/** What "npm run" adds for its scripts and what would make other tools take npm for their package manager. */
const FROM_NPM_RUN =
  /^npm_(lifecycle_|package_|execpath|node_execpath|command|config_(user_agent|npm_version|node_gyp|(global_|local_)?prefix))/;

/** The releases the packages of this repository are made for. */
function isFitting(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === 24 || (major === 22 && minor >= 12);
}

function nodePackage() {
  // The older package of this name has no arm64 builds for macOS.
  const prefix =
    process.platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin'
      : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

function bringNode() {
  const name = nodePackage();
  const byHand =
    'Install Node 24 or 22 by hand, put it on PATH and run the command again.';
  let node;
  try {
    node = path.join(fromNpm(name, NODE_VERSION), 'bin', 'node');
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw new PlainError(
      `innominatus needs Node 24 or 22, this is ${process.versions.node}, and the npm package "${name}" could not be had.\n\n${error.message}\n\n${byHand}`,
    );
  }
  const probe = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (probe.status !== 0) {
    throw new PlainError(
      `The Node ${NODE_VERSION} brought from npm does not run on this system (${
        probe.error?.message ?? probe.stderr.trim()
      }). ${byHand}`,
    );
  }
  return node;
}

/** npm's settings that Yarn has to be told, because Yarn does not read .npmrc. */
function yarnSettings() {
  const settings = JSON.parse(
    npm(root, ['config', 'list', '--json', '--no-workspaces']),
  );
  const env = { YARN_NPM_REGISTRY_SERVER: settings.registry };
  if (settings.cafile) {
    env.YARN_HTTPS_CA_FILE_PATH = settings.cafile;
    env.NODE_EXTRA_CA_CERTS = settings.cafile;
  }
  if (settings.proxy) env.YARN_HTTP_PROXY = settings.proxy;
  if (settings['https-proxy']) env.YARN_HTTPS_PROXY = settings['https-proxy'];
  if (settings['strict-ssl'] === false) env.YARN_ENABLE_STRICT_SSL = 'false';
  return env;
}

function replaceFile(file, write) {
  const next = `${file}.${process.pid}`;
  fs.rmSync(next, { force: true });
  write(next);
  fs.renameSync(next, file);
}

/**
 * Finds or brings Node and Yarn and returns how to call them: `node` and `yarn`
 * are the paths of the programs, `env` is the environment for everything started with them.
 */
export function prepareToolchain() {
  const present = process.versions.node;
  const node = isFitting(present) ? process.execPath : bringNode();
  const [, version] = rootPackage().packageManager.split('@');
  const yarnJs = path.join(
    fromNpm('@yarnpkg/cli-dist', version),
    'bin',
    'yarn.js',
  );

  // backstage-cli calls "yarn" and "node" by name.
  const bin = path.join(toolsDir, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  replaceFile(path.join(bin, 'node'), file => fs.symlinkSync(node, file));
  const yarn = path.join(bin, 'yarn');
  replaceFile(yarn, file =>
    fs.writeFileSync(file, `#!/bin/sh\nexec "${node}" "${yarnJs}" "$@"\n`, {
      mode: 0o755,
    }),
  );

  const env = { ...yarnSettings(), YARN_ENABLE_TELEMETRY: '0', ...process.env };
  for (const key of Object.keys(env)) {
    if (FROM_NPM_RUN.test(key)) delete env[key];
  }
  env.PATH = [
    bin,
    path.join(root, 'node_modules', '.bin'),
    process.env.PATH ?? '',
  ].join(path.delimiter);
  const nodeVersion = isFitting(present) ? present : NODE_VERSION;
  return { node, yarn, env, nodeVersion };
}
