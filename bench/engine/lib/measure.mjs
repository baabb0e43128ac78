/** Runs workflows in a closed loop and answers what it cost this process. */
export async function measure({ one, concurrency, workflows, warmUp }) {
  await closedLoop(one, concurrency, warmUp);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const times = await closedLoop(one, concurrency, workflows);
  const seconds = (performance.now() - begun) / 1000;
  const used = process.cpuUsage(cpu);
  times.sort((left, right) => left - right);
  const at = share =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return {
    perSecond: workflows / seconds,
    p50: at(0.5),
    p99: at(0.99),
    cpuMs: (used.user + used.system) / 1000 / workflows,
    rssMb: process.resourceUsage().maxRSS / 1024,
  };
}

async function closedLoop(one, concurrency, count) {
  const times = [];
  let started = 0;
  const client = async () => {
    while (started < count) {
      started += 1;
      const begun = performance.now();
      await one();
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return times;
}
