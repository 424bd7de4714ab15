// Prints where the grammar of Bicep is broken in the files named, as a JSON object of lists. In a process of its own, because jest
// lets nothing be imported at run time. No compiler can be had offline: types are checked by `az bicep build`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const parser = new Parser();
parser.setLanguage(
  await Language.load(createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')),
);

function faultsIn(node) {
  const own = node.isError || node.isMissing ? [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`] : [];
  return [...own, ...node.children.flatMap(faultsIn)];
}

const faults = process.argv.slice(2).map((path) => [path, faultsIn(parser.parse(readFileSync(path, 'utf8')).rootNode)]);
console.log(JSON.stringify(Object.fromEntries(faults)));
