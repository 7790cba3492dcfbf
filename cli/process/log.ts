// What servers log: JSON lines for machines and log files, one short line for a person at a terminal.
import type { Logger } from 'pino';
import { isObject, parseObject, textOf } from '../json-object.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** Belt and braces: no server logs a secret, and a property with one of these names is never shown whatever logs it. */
const hidden = ['password', 'syncTokenPassword', 'clientSecret', 'connectionString', 'authorization'];
const redact = hidden.flatMap((name) => [name, `*.${name}`]);
/** The process and the machine are known to whoever reads the log. */
const base = null;

export async function createLogger(stdout: NodeJS.WriteStream, level: LogLevel): Promise<Logger> {
  const { pino } = await import('pino');
  const destination = stdout.isTTY
    ? { write: (line: string) => void stdout.write(`${readableLine(line)}\n`) }
    : pino.destination({ fd: 1, sync: true });
  return pino({ level, redact, base }, destination);
}

const levelNames: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: '',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
/** Of every line; the rest is shown behind the message. */
const own = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'v', 'err']);

/** `12:04:31 WARN parent unreachable (attempt=3)`; a line that is not JSON stays as it is. */
export function readableLine(line: string): string {
  const entry = parseObject(line);
  if (!entry) return line.trimEnd();
  const time = new Date(Number(entry.time)).toTimeString().slice(0, 8);
  const details = Object.entries(entry)
    .filter(([name]) => !own.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const error = isObject(entry.err) ? textOf(entry.err, 'message') : undefined;
  return [
    time,
    levelNames[Number(entry.level)] ?? '',
    textOf(entry, 'msg') ?? '',
    error === undefined ? '' : `- ${error}`,
    details.length > 0 ? `(${details.join(', ')})` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}
