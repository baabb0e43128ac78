'use strict';

/*
 * Stands between the backend and one program, so that the program outlives the
 * backend and its end is known afterwards.
 *
 * The backend creates the state directory, starts this script with it, and
 * sends one order as JSON on the standard input. The order holds secrets, so it
 * is never written to disk. From then on everything goes through files:
 *
 *   supervisor.json  who watches; created exclusively, which decides that the
 *                    program starts here and nowhere else
 *   program.json     the program, once it runs
 *   output           one JSON array per line: [stream, text]
 *   exit.json        how it ended; appears at once and is the last
 *
 * SIGTERM tells the program to end, SIGUSR2 kills it.
 */

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { createOutput } = require('./output');
const {
  familyOf,
  isGroupAlive,
  memoryOf,
  sendTo,
  startTimeOf,
} = require('./processes');

/** For what a program leaves behind when it ends by itself. */
const SWEEP_GRACE_MS = 5_000;
/** For pipes that somebody keeps open although everyone was killed. */
const CLOSE_GRACE_MS = 2_000;
const SWEEP_INTERVAL_MS = 100;
const MEMORY_INTERVAL_MS = 500;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const [directory] = process.argv.slice(2);
const file = name => path.join(directory, name);

let order;
let child;
let exited;
let stoppedBy;
let killed = false;
let killTimer;

process.on('SIGTERM', () => stop('cancel'));
process.on('SIGUSR2', () => {
  stoppedBy ??= 'cancel';
  kill();
});
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('uncaughtException', error => {
  kill();
  finish({ error: { code: 'SUPERVISOR', message: error.message } });
});

receiveOrder().then(start);

async function receiveOrder() {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    text += chunk;
  }
  return text;
}

function start(text) {
  try {
    order = JSON.parse(text);
  } catch {
    // The backend died before the order was complete. Nobody was told that
    // anything starts, so nothing does.
    process.exit(0);
  }
  if (!claim()) {
    process.exit(0);
  }
  try {
    enterWorkingDirectory();
  } catch (error) {
    finish({ error: { code: error.code, message: error.message } });
  }
  const output = createOutput({
    file: file('output'),
    limitBytes: order.outputBytes,
  });
  child = spawn(order.file, order.args, {
    argv0: order.program,
    env: order.env,
    // A session of its own: it has no terminal, and signals reach all of it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.on('error', error => {
    if (child.pid === undefined) {
      finish({ error: { code: error.code, message: error.message } });
    }
  });
  if (child.pid === undefined) {
    return;
  }
  fs.writeFileSync(
    file('program.json'),
    JSON.stringify({ pid: child.pid, startTime: startTimeOf(child.pid) }),
  );
  preferToBackend(child.pid);
  // A program may end without reading all of its input.
  child.stdin.on('error', () => {});
  child.stdin.end(order.stdin ?? '');
  output.read(child.stdout, 'stdout');
  output.read(child.stderr, 'stderr');
  child.on('exit', (exitCode, signal) => {
    exited = { exitCode: exitCode ?? undefined, signal: signal ?? undefined };
    sweep(output);
  });
  if (order.timeMs !== undefined) {
    setTimeout(() => stop('time'), Math.min(order.timeMs, LONGEST_TIMER_MS));
  }
  if (order.memoryBytes !== undefined) {
    setInterval(watchMemory, MEMORY_INTERVAL_MS);
  }
}

/** Whoever creates the file first decides whether the program starts. */
function claim() {
  try {
    fs.writeFileSync(
      file('supervisor.json'),
      JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) }),
      { flag: 'wx', mode: 0o600 },
    );
    return true;
  } catch {
    return false;
  }
}

/**
 * Looks where it is once it is there, because a folder that was checked before
 * may have been exchanged for a link since. The program starts right here.
 */
function enterWorkingDirectory() {
  process.chdir(order.cwd);
  const inside = path.relative(order.workspace, process.cwd());
  if (inside.split(path.sep)[0] === '..' || path.isAbsolute(inside)) {
    throw Object.assign(
      new Error(`The folder "${order.cwd}" leads out of the workspace.`),
      { code: 'CWD_OUTSIDE' },
    );
  }
}

/** When memory runs out, Linux ends the program and not the backend. */
function preferToBackend(pid) {
  try {
    fs.writeFileSync(`/proc/${pid}/oom_score_adj`, '500');
  } catch {
    // Only Linux has it.
  }
}

function stop(reason) {
  if (stoppedBy || exited) {
    return;
  }
  stoppedBy = reason;
  if (!child) {
    return;
  }
  signalFamily('SIGTERM');
  if (order.graceMs !== undefined) {
    killTimer = setTimeout(kill, Math.min(order.graceMs, LONGEST_TIMER_MS));
  }
}

function kill() {
  killed = true;
  if (child?.pid !== undefined) {
    signalFamily('SIGKILL');
  }
}

function signalFamily(signal) {
  sendTo(-child.pid, signal);
  for (const pid of familyOf({ group: child.pid, marker: order.marker })) {
    sendTo(pid, signal);
  }
}

function watchMemory() {
  const family = familyOf({ group: child.pid, marker: order.marker });
  if (memoryOf(family) > order.memoryBytes) {
    stop('memory');
  }
}

/** Ends what the program started and left behind, and then everything. */
async function sweep(output) {
  const closed = new Promise(resolve => {
    child.once('close', resolve);
  });
  if (!stoppedBy && isAnyLeft()) {
    signalFamily('SIGTERM');
    killTimer = setTimeout(kill, SWEEP_GRACE_MS);
  }
  while (!killed && isAnyLeft()) {
    await sleep(SWEEP_INTERVAL_MS);
  }
  if (killed) {
    // Again, for what was started in between.
    signalFamily('SIGKILL');
  }
  await Promise.race([closed, sleep(CLOSE_GRACE_MS)]);
  finish({ ...exited, outputTruncated: output.end() });
}

function isAnyLeft() {
  return (
    isGroupAlive(child.pid) ||
    familyOf({ group: child.pid, marker: order.marker }).length > 0
  );
}

/** Renaming lets the file appear with all of its content. */
function finish(result) {
  clearTimeout(killTimer);
  const temporary = file('exit.json.new');
  fs.writeFileSync(
    temporary,
    JSON.stringify({ outputTruncated: false, stoppedBy, ...result }),
  );
  fs.renameSync(temporary, file('exit.json'));
  process.exit(0);
}
