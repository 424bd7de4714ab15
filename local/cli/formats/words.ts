import type { CheckReport } from '../../../shared/core/report';

/** The cause, or why there is none; one line. */
export function wordsAbout({ title, cause, reason, blockedBy }: CheckReport): string {
  return (
    cause?.title ?? reason ?? (blockedBy === undefined ? title : `${title}: not judged before ${blockedBy} is healthy`)
  );
}

/** The steps with their commands, one a line; a command stands apart. */
export function remedyLines({ remediation }: CheckReport): string[] {
  return (remediation?.steps ?? []).flatMap(({ say, commands }, i) => [
    `${i + 1}. ${say}`,
    ...commands.flatMap(({ text }) => text.split('\n').map((line) => `   ${line}`)),
  ]);
}
