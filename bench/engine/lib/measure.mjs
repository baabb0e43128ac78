import { cpuOfMachine, cpuOfTree, memoryOfTree } from './processTree.mjs';

/**
 * Runs workflows in a closed loop and answers what they cost.
 *
 * The loop is never empty: clients go on through the warm-up and the window,
 * and only what ends inside the window counts. So an engine with long
 * workflows does not pay for a slow start and a thin end.
 */
export async function measure({ one, concurrency, server, ...times }) {
  const window = createWindow({ server, wave: concurrency, ...times });
  let total = 0;
  const client = async () => {
    while (!window.isClosed()) {
      const begun = performance.now();
      await one();
      total += 1;
      window.add(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return { ...window.result(), total };
}

/**
 * Opens after the warm-up and closes in time. Both are seen at the end of a
 * workflow and not by a timer, which a synchronous driver would starve. Some
 * engines carry all workflows along in step, so that they end in waves: only
 * whole waves count, or the result would be off by nearly one.
 */
function createWindow({ server, wave, warmUpMs, windowMs }) {
  const created = performance.now();
  const latencies = [];
  let warm = 0;
  let opened;
  let closed;
  return {
    isClosed: () => Boolean(closed),
    add: latency => {
      const now = performance.now();
      if (!opened) {
        warm += 1;
        if (now - created >= warmUpMs && warm % wave === 0) {
          opened = { use: readUse(server), at: performance.now() };
        }
      } else if (!closed) {
        latencies.push(latency);
        if (now - opened.at >= windowMs && latencies.length % wave === 0) {
          closed = { use: readUse(server), at: now };
        }
      }
    },
    result: () => summarize({ latencies, opened, closed, server }),
  };
}

function summarize({ latencies, opened, closed, server }) {
  const count = latencies.length;
  const seconds = (closed.at - opened.at) / 1000;
  const used = key => closed.use[key] - opened.use[key];
  const serverMs = server ? used('server') : 0;
  latencies.sort((left, right) => left - right);
  const percentile = share =>
    latencies[Math.min(count - 1, Math.floor(count * share))];
  return {
    perSecond: count / seconds,
    p50: percentile(0.5),
    p99: percentile(0.99),
    cpuMs: used('own') / count,
    serverCpuMs: server && serverMs / count,
    rssMb: process.resourceUsage().maxRSS / 1024,
    serverMb: closed.use.serverMb,
    foreignCores: (used('machine') - used('own') - serverMs) / 1000 / seconds,
  };
}

function readUse(server) {
  const { user, system } = process.cpuUsage();
  return {
    own: (user + system) / 1000,
    server: server && cpuOfTree(server.pid),
    serverMb: server && memoryOfTree(server.pid),
    machine: cpuOfMachine(),
  };
}
