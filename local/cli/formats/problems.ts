import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { styleText } from 'node:util';
import { codeFrameColumns } from '@babel/code-frame';
import type { ConfigurationProblem } from '../../../shared/settings/load';
import { hideSecrets } from './hide-secrets';

/** Every problem of a configuration with the lines around it; what may be a secret in them is hidden. */
export function problemScreen(path: string, problems: readonly ConfigurationProblem[]): string {
  const texts = new Map(
    [...new Set(problems.map(({ file }) => file))].map((file) => [
      file,
      hideSecrets(textOf(file === undefined ? path : join(dirname(path), file))),
    ]),
  );
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const title = `${styleText('bold', path)}: ${count}`;
  return [
    title,
    ...problems.map((problem) => `${wordsOf(problem)}${frameOf(texts.get(problem.file) ?? '', problem)}`),
  ].join('\n\n');
}

function wordsOf({ file, path, line, column, message }: ConfigurationProblem): string {
  const where = `line ${line}, column ${column}${file === undefined ? '' : ` of ${file}`}`;
  return `${styleText('red', '✗')} ${path} (${where}): ${message}`;
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
