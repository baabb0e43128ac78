// Loaded into the backend by server.mjs: when the starting process is gone, however it
// ended, the pipe closes and the backend shuts down instead of keeping the port.
process.stdin.on('close', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => {});
process.stdin.resume();
process.stdin.unref();
