// `__cs`: commands that a page may give before the runtime has loaded.
import { guarded, report } from "./log";

/** What a command does with its arguments. */
export type Command = (...args: unknown[]) => unknown;

/** What `window.__cs` is once the runtime is there. */
export interface CommandQueue {
  push(...commands: unknown[]): number;
}

/** Carries out what waits in `waiting` and gives what takes its place. */
export function takeOver(waiting: unknown, commands: ReadonlyMap<string, Command>): CommandQueue {
  let count = 0;
  const carryOut = (entry: unknown): void => {
    const [name, ...args] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const command = typeof name === "string" ? commands.get(name) : undefined;
    if (!command) {
      report("__cs", `there is no command ${JSON.stringify(name)}`);
      return;
    }
    guarded(`__cs "${String(name)}"`, () => command(...args));
  };
  const queue: CommandQueue = {
    push(...entries) {
      count += entries.length;
      entries.forEach(carryOut);
      return count;
    },
  };
  if (Array.isArray(waiting)) queue.push(...(waiting as unknown[]));
  return queue;
}
