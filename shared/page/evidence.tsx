import type { EvidenceMark, EvidenceNode } from '../core/evidence-tree';
import { Moment } from './marks';

const MARKS: Readonly<Record<EvidenceMark, readonly [glyph: string, name: string]>> = {
  ok: ['✓', 'in order'],
  bad: ['✕', 'failed'],
  fact: ['·', 'seen'],
  unseen: ['?', 'could not be seen'],
  skipped: ['–', 'not tried'],
};

/** Evidence step by step, each with its sign and its milliseconds. */
export function EvidenceList({
  nodes,
  now,
  nested = false,
}: {
  nodes: readonly EvidenceNode[];
  now: number;
  nested?: boolean;
}) {
  return (
    <ul class={nested ? '' : 'tree'}>
      {nodes.map((node) => (
        <Node node={node} now={now} />
      ))}
    </ul>
  );
}

function Node({ node, now }: { node: EvidenceNode; now: number }) {
  const { mark, text, said, ms, readAt, children = [] } = node;
  const [glyph, name] = MARKS[mark];
  return (
    <li class={mark}>
      <span class="k" role="img" aria-label={name}>
        {glyph}
      </span>{' '}
      {text}
      {ms === undefined ? null : <span class="soft small"> {Math.round(ms)} ms</span>}
      {readAt === undefined ? null : (
        <span class="soft small">
          {' '}
          read <Moment at={readAt} now={now} />
        </span>
      )}
      {said === undefined ? null : <q>{said}</q>}
      {children.length === 0 ? null : <EvidenceList nodes={children} now={now} nested />}
    </li>
  );
}
