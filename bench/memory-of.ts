// What a process holds, in megabytes of 1,000,000 bytes, as the kernel counts it (proc(5), status; Linux only).
import { readFileSync } from 'node:fs';

/** Now. */
export function residentMemory(pid: number): number {
  return read(pid, 'VmRSS');
}

/** The most that it ever held. */
export function peakMemory(pid: number): number {
  return read(pid, 'VmHWM');
}

function read(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return (Number(kibibytes) * 1024) / 1_000_000;
}
