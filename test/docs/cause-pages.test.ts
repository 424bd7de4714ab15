import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causePages } from '../../local/docs/cause-pages';
import { CATALOGUE } from '../../shared/checks';

const FOLDER = join(__dirname, '../../docs/causes');
const pages = causePages();

it('docs/causes is as the catalogue has it; when it is not: npm run docs', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual([...pages.keys()].toSorted());
  for (const [name, text] of pages) expect([name, readFileSync(join(FOLDER, name), 'utf8')]).toEqual([name, text]);
});

it('has a page for every cause, with its examples, the filled-in remedy and its sources', () => {
  for (const { id, sources } of CATALOGUE.flatMap(({ causes }) => causes)) {
    const text = pages.get(`${id}.md`) ?? '';
    for (const source of sources) expect(text).toContain(`<${source}>`);
    expect(text).toMatch(/## How it shows\n\n- .+ \*\((?:confirmed|inferred|possible): /);
    // Every placeholder is filled.
    expect([id, /(?<!\$)\{[a-zA-Z]+\}|\\<[a-zA-Z]+\\>|undefined/.exec(text)?.[0]]).toEqual([id, undefined]);
  }
});

it('leads from the articles to pages that there are', () => {
  const articles = readFileSync(join(__dirname, '../../docs/articles.md'), 'utf8');
  const linked = [...articles.matchAll(/\[([\w-]+)\]\(causes\/([\w-]+)\.md\)/g)];
  expect(linked.length).toBeGreaterThan(30);
  for (const [, name = '', file = ''] of linked) expect([name, pages.has(`${file}.md`)]).toEqual([file, true]);
});
