// What a detached process tells the command that started it, over the channel between them, before that command ends.
export type StartMessage =
  | { started: { address: string; notice?: string } }
  | { failed: { message: string; hint?: string } };

export function isStartMessage(value: unknown): value is StartMessage {
  return typeof value === 'object' && value !== null && ('started' in value || 'failed' in value);
}
