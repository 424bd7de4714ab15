import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { codeFrameColumns } from '@babel/code-frame';
import type { ConfigurationProblem } from '../../../shared/settings/load';
import { hideSecrets } from './hide-secrets';

/** Every problem of a configuration with the lines around it; what may be a secret in them is hidden. */
export function problemScreen(path: string, problems: readonly ConfigurationProblem[]): string {
  const text = hideSecrets(textOf(path));
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const title = `${styleText('bold', path)}: ${count}`;
  return [title, ...problems.map((problem) => `${wordsOf(problem)}${frameOf(text, problem)}`)].join('\n\n');
}

function wordsOf({ path, line, column, message }: ConfigurationProblem): string {
  return `${styleText('red', '✗')} ${path} (line ${line}, column ${column}): ${message}`;
}

function frameOf(text: string, { line, column }: ConfigurationProblem): string {
  if (text.trim() === '') return '';
  return `\n${codeFrameColumns(text, { start: { line, column } }, { linesAbove: 1, linesBelow: 1 })}`;
}

/** What cannot be read is a problem that has been told. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
