import type { Only } from '../core/applies';
import type { Step } from '../core/check';
import { PRODUCT_NAMES, PRODUCTS, PROTOCOL_NAMES, type Product } from '../core/subject';
import type { ExplainedCause, Explanation } from '../explain/explain';
import type { Remediation } from '../formats/remediations';
import { Document } from './document';
import { sayWithRole } from '../core/remedy';
import { Remedy } from './remedy';

export interface ExplainPageProps {
  readonly root: string;
  /** What was asked, without tokens and secrets. */
  readonly text: string;
  readonly product: Product;
  /** Absent until something was asked. */
  readonly explanation?: Explanation;
}

/** A form for what a helpdesk has logged, and below it the causes. */
export function ExplainPage({ root, text, product, explanation }: ExplainPageProps) {
  return (
    <Document title="Explain a log line" root={root}>
      <h1>Explain a log line</h1>
      <p>Paste what the helpdesk has logged: a line, a stack trace, or JSON. Nothing is looked at but the text.</p>
      <form class="explain" method="post" action={`${root}/explain`}>
        <label>
          Text from the log
          <textarea name="text" rows={8} required spellcheck={false}>
            {text}
          </textarea>
        </label>
        <label>
          Helpdesk
          <select name="product">
            {PRODUCTS.map((one) => (
              <option value={one} selected={one === product}>
                {one === 'other' ? 'another' : PRODUCT_NAMES[one]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Explain</button>
      </form>
      {explanation === undefined ? null : <Answer explanation={explanation} root={root} />}
    </Document>
  );
}

function Answer({ explanation, root }: { explanation: Explanation; root: string }) {
  const { found, causes, unknown, traceId, correlationId, cut } = explanation;
  return (
    <section aria-label="Causes">
      <h2>
        {causes.length === 0 ? 'Not known' : causes.length === 1 ? 'The cause' : 'Possible causes, the likeliest first'}
      </h2>
      {unknown === undefined ? null : <p>{unknown}</p>}
      {causes.map((cause, i) => (
        <CauseCard cause={cause} root={root} open={i === 0} />
      ))}
      {found.length === 0 ? null : (
        <>
          <h2>Where it stands</h2>
          <ul>
            {found.map(({ line, excerpt }) => (
              <li>
                Line {line}: <code>{excerpt}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {traceId === undefined && correlationId === undefined ? null : (
        <p class="soft small">
          For Microsoft's support: trace id {traceId ?? 'unknown'}, correlation id {correlationId ?? 'unknown'}
        </p>
      )}
      {cut ? <p class="soft small">The text is longer than a megabyte; only its beginning was read.</p> : null}
    </section>
  );
}

function CauseCard({ cause, root, open }: { cause: ExplainedCause; root: string; open: boolean }) {
  return (
    <article class="card info">
      <h3>
        <a href={`${root}/remediations/${encodeURIComponent(cause.id)}`}>{cause.title}</a>{' '}
        <span class="soft small">{cause.confidence}</span>
      </h3>
      <p>{cause.why}</p>
      <details open={open}>
        <summary>What to do</summary>
        <Remedy steps={cause.steps} sources={cause.sources} />
      </details>
    </article>
  );
}

/** Every cause, by its title. */
export function RemediationsPage({ all, root }: { all: readonly Remediation[]; root: string }) {
  return (
    <Document title="Causes and remedies" root={root}>
      <h1>Causes and remedies</h1>
      <p>
        {all.length} causes are known. Mailbox Watch fills their remedies in with your own mailbox and app; here they
        stand with what has to be filled in.
      </p>
      <ul>
        {all.map(({ id, title, severity }) => (
          <li>
            <a href={`${root}/remediations/${encodeURIComponent(id)}`}>{title}</a>{' '}
            <span class="soft small">{severity}</span>
          </li>
        ))}
      </ul>
    </Document>
  );
}

/** One cause with its remedy for every product and flow. */
export function RemediationPage({ one, root }: { one: Remediation; root: string }) {
  return (
    <Document title={one.title} root={root}>
      <nav aria-label="Where this is">
        <a href={`${root}/remediations`}>Causes and remedies</a> › {one.id}
      </nav>
      <h1>{one.title}</h1>
      <p>{one.why}</p>
      <h2>What to do</h2>
      <Remedy
        steps={one.steps.map((step) => ({
          part: step.part ?? 'repair',
          say: forWhom(step.only) + sayWithRole(step),
          commands: step.run === undefined ? [] : [{ shell: step.run.shell, text: step.run.command }],
        }))}
        sources={one.sources}
      />
    </Document>
  );
}

/** "Jira Data Center, delegated flow: ", where a step is for some only. */
function forWhom(only: Step['only']): string {
  const limits = only === undefined ? [] : wordsOf(only);
  return limits.length === 0 ? '' : `${limits.join(', ')}: `;
}

function wordsOf({ product, flow, protocol, provider, credential, cloud }: Only): string[] {
  return [
    product?.map((one) => (one === 'other' ? 'another helpdesk' : PRODUCT_NAMES[one])),
    flow?.map((one) => `${one} flow`),
    protocol?.map((one) => PROTOCOL_NAMES[one]),
    provider,
    credential,
    cloud,
  ].flatMap((words) => (words === undefined ? [] : [words.join(' or ')]));
}
