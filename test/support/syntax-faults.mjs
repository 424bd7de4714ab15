// Reads a JSON list of { language, text } and prints, for each, where the grammar is broken: a JSON list of lists. In a process of its
// own, because jest lets nothing be imported at run time. Grammar only: no compiler and no PowerShell can be had offline.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

const { resolve } = createRequire(import.meta.url);
await Parser.init();
const languages = {
  bicep: await Language.load(resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')),
  powershell: await Language.load(resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')),
};
const parser = new Parser();

function faultsIn(node) {
  const own = node.isError || node.isMissing ? [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`] : [];
  return [...own, ...node.children.flatMap(faultsIn)];
}

const faults = JSON.parse(readFileSync(0, 'utf8')).map(({ language, text }) => {
  parser.setLanguage(languages[language]);
  return faultsIn(parser.parse(text).rootNode);
});
console.log(JSON.stringify(faults));
