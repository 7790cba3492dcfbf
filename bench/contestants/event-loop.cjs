// Loaded into our servers before their own code (node --require), as CommonJS in plain JavaScript so that it loads nothing
// else: from the first SIGUSR2 on it writes down, a line for each quarter of a second, the longest time in milliseconds for
// which the event loop stood still. Until then it adds nothing to their memory, which is measured too.
const { appendFile } = require('node:fs');

const resolutionMs = 5;
const file = process.env.ACRC_TEST_EVENT_LOOP_FILE;
if (file !== undefined && process.argv.includes('node') && !process.argv.includes('--detach')) {
  process.once('SIGUSR2', () => {
    const { monitorEventLoopDelay } = require('node:perf_hooks');
    const delay = monitorEventLoopDelay({ resolution: resolutionMs });
    delay.enable();
    setInterval(() => {
      // What is counted is the time between two ticks, the wanted one included.
      const line = `${Math.max(0, delay.max / 1e6 - resolutionMs).toFixed(2)}\n`;
      delay.reset();
      appendFile(file, line, () => {});
    }, 250).unref();
    // Later ones, which would end the process.
    process.on('SIGUSR2', () => {});
  });
}
