import { styleText } from 'node:util';
import { explain as explainText, type Explanation } from '../../../shared/explain/explain';
import type { Flow, Product } from '../../../shared/core/subject';
import { paintCommand, stepLines } from '../formats/words';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from '../outcome';

export interface ExplainOptions {
  readonly product?: Product;
  readonly flow?: Flow;
  readonly output: 'pretty' | 'json';
}

/** Names the causes of what a helpdesk has logged. Throws CommandError where there is no text. */
export function explain(text: string, { output, ...question }: ExplainOptions): Outcome {
  if (text.trim() === '') {
    throw new CommandError(
      'Give the text that the helpdesk has logged: mailbox-watch explain "NO AUTHENTICATE failed.", or pipe the log in.',
      USAGE,
    );
  }
  const explanation = explainText({ text, ...question });
  return {
    text: output === 'json' ? JSON.stringify(explanation, undefined, 2) : explanationScreen(explanation),
    code: explanation.causes.length > 0 ? EXIT_CODES.ok : EXIT_CODES.unknown,
  };
}

/** The causes with their steps; the likeliest first. */
function explanationScreen({ found, causes, unknown, traceId, correlationId, cut }: Explanation): string {
  const parts = causes.map(({ id, title, why, confidence, steps, sources }) =>
    [
      `${styleText('bold', title)} ${styleText('dim', `(${confidence}, ${id})`)}`,
      why,
      ...stepLines(steps, paintCommand),
      ...sources.map((source) => styleText('dim', source)),
    ].join('\n'),
  );
  const heading = found.map(({ line, excerpt }) => styleText('dim', `line ${line}: ${excerpt}`)).join('\n');
  const ids = [traceId && `Trace ID ${traceId}`, correlationId && `Correlation ID ${correlationId}`].filter(Boolean);
  return [
    heading,
    ...parts,
    unknown ?? '',
    ids.join(', '),
    cut ? 'The text was longer than what is read: its end is missing.' : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
