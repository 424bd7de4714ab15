import { styleText } from 'node:util';

/** As `linkerd check -o json` has them: https://linkerd.io/2/reference/cli/check/ */
export interface Finding {
  readonly description: string;
  /** `skipped`: it cannot be told here. */
  readonly result: 'success' | 'warning' | 'error' | 'skipped';
  readonly error?: string;
  /** What to do; may have several lines. */
  readonly hint?: string;
}

export interface Category {
  readonly title: string;
  readonly findings: readonly Finding[];
}

const MARKS = {
  success: ['✓', 'green'],
  warning: ['!', 'yellow'],
  error: ['✗', 'red'],
  skipped: ['-', 'dim'],
} as const;

/** A category a paragraph, a finding a line with what to do below it, and what it comes to. */
export function findingsScreen(categories: readonly Category[]): string {
  const parts = categories.map(({ title, findings }) =>
    [styleText('bold', title), ...findings.flatMap(linesOf)].join('\n'),
  );
  const count = (result: Finding['result']) =>
    categories.flatMap(({ findings }) => findings).filter((finding) => finding.result === result).length;
  const summary =
    count('error') + count('warning') === 0
      ? styleText('green', 'Everything that can be told here is in order.')
      : `${count('error')} to repair, ${count('warning')} to look at, ${count('success')} in order`;
  return [...parts, summary].join('\n\n');
}

function linesOf({ description, result, error, hint }: Finding): string[] {
  const [mark, style] = MARKS[result];
  return [
    `  ${styleText(style, mark)} ${description}`,
    ...(error === undefined ? [] : [`      ${error}`]),
    ...(hint ?? '').split('\n').flatMap((line) => (line === '' ? [] : [styleText('cyan', `      ${line}`)])),
  ];
}
