import { styleText } from 'node:util';
import type { CheckReport } from '../../../shared/core/report';

/** The cause, or why there is none; one line. */
export function wordsAbout({ title, cause, reason, blockedBy }: CheckReport): string {
  return (
    cause?.title ?? reason ?? (blockedBy === undefined ? title : `${title}: not judged before ${blockedBy} is healthy`)
  );
}

/** The steps in order, their commands below them, a line each. `paint` colours a line of a command. */
export function stepLines(
  steps: readonly { readonly say: string; readonly commands: readonly { readonly text: string }[] }[],
  paint: (command: string) => string = (command) => command,
): string[] {
  return steps.flatMap(({ say, commands }, i) => [
    `${i + 1}. ${say}`,
    ...commands.flatMap(({ text }) => text.split('\n').map((line) => paint(`   ${line}`))),
  ]);
}

/** How a command looks on a terminal. */
export function paintCommand(command: string): string {
  return styleText('cyan', command);
}
