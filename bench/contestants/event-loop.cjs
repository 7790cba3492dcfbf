// Loaded into our servers before their own code (node --require), as CommonJS in plain JavaScript so that it loads nothing
// else and adds nothing to their memory: writes down, a line for each quarter of a second, the longest time in milliseconds for which the event loop stood still.
const { appendFile } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const resolutionMs = 5;
const file = process.env.ACRC_TEST_EVENT_LOOP_FILE;
if (file !== undefined && process.argv.includes('node') && !process.argv.includes('--detach')) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  setInterval(() => {
    // What is counted is the time between two ticks, the wanted one included.
    const line = `${Math.max(0, delay.max / 1e6 - resolutionMs).toFixed(2)}\n`;
    delay.reset();
    appendFile(file, line, () => {});
  }, 250).unref();
}
