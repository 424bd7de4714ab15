import type { Shell } from '../core/check';
import { PART_NAMES, type RemedyStep } from '../core/remedy';

const SHELL_NAMES: Readonly<Record<Shell, string>> = {
  'exchange-powershell': 'Exchange Online PowerShell',
  'graph-powershell': 'Microsoft Graph PowerShell',
  az: 'Azure CLI',
  shell: 'Shell',
};

/** A remedy's steps; a command is selected whole by one click. */
export function Remedy({ steps, sources }: { steps: readonly RemedyStep[]; sources: readonly string[] }) {
  return (
    <>
      <ol class="steps">
        {steps.map(({ part, say, commands }) => (
          <li>
            <b class="part">{PART_NAMES[part]}</b> {say}
            {commands.map(({ shell, text }) => (
              <pre tabindex={0} aria-label={`${SHELL_NAMES[shell]} command`}>
                {text}
              </pre>
            ))}
          </li>
        ))}
      </ol>
      {sources.length === 0 ? null : (
        <p class="soft small">
          Sources:{' '}
          {sources.map((address, i) => (
            <>
              {i === 0 ? '' : ', '}
              <a href={address} rel="noreferrer">
                {nameOf(address)}
              </a>
            </>
          ))}
        </p>
      )}
    </>
  );
}

/** The host, and what the page is called there. */
function nameOf(address: string): string {
  const { hostname, pathname } = new URL(address);
  const last = pathname
    .split('/')
    .filter((part) => part !== '')
    .at(-1);
  return last === undefined ? hostname : `${hostname}: ${last.replaceAll('-', ' ').slice(0, 60)}`;
}
