// How long three weeks of sync windows take on simulated machines, whose time leaps over what is waited for: the real engine,
// gateway and stores of fixtures/simulation/three-weeks.ts. What can be tried so fast is tried often.
import { threeWeeks } from '../fixtures/simulation/three-weeks.ts';
import { printOwn } from './report.ts';

const startedMs = performance.now();
const { windows, pushes, requests, outside, missing } = await threeWeeks(1);
const measured = performance.now() - startedMs;
if (outside.length + missing.length > 0) throw new Error([...outside, ...missing].join('\n'));
const name = `three weeks: ${windows} windows, ${pushes} pushes, ${requests} requests`;
process.exitCode = printOwn([{ name, measured, below: 5000, unit: 'ms' }]) ? 0 : 1;
